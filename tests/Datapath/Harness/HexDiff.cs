using System.Text;

namespace Datapath.Harness;

/// <summary>Shows where two packets differ.</summary>
internal static class HexDiff
{
    private const int RowBytes = 16;

    /// <summary>Rows of 16 bytes in which they differ: offset, expected, seen.</summary>
    public static string Of(byte[] expected, byte[] seen)
    {
        StringBuilder text = new($"packet differs: expected {expected.Length} bytes, seen {seen.Length}\n");
        for (int at = 0; at < Math.Max(expected.Length, seen.Length); at += RowBytes)
        {
            string left = Row(expected, at);
            string right = Row(seen, at);
            if (left != right)
            {
                _ = text.AppendLine($"  {at:x4}  expected {left,-32}  seen {right}");
            }
        }

        return text.ToString();
    }

    private static string Row(byte[] bytes, int at) =>
        at < bytes.Length ? Convert.ToHexStringLower(bytes, at, Math.Min(RowBytes, bytes.Length - at)) : "";
}
