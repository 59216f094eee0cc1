namespace Weft.Packets.Text;

/// <summary>Text from the wire: printable ASCII as it is, all else as <c>\xNN</c>, so that no terminal obeys a packet.</summary>
internal static class PrintableText
{
    public static void Write(ReadOnlySpan<byte> bytes, Utf8Output output)
    {
        while (!bytes.IsEmpty)
        {
            int plain = bytes.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7e);
            plain = plain < 0 ? bytes.Length : plain;
            int backslash = bytes[..plain].IndexOf((byte)'\\');
            plain = backslash < 0 ? plain : backslash;
            output.Write(bytes[..plain]);
            if (plain == bytes.Length)
            {
                return;
            }

            output.Write("\\x"u8);
            output.Write(bytes[plain], "x2");
            bytes = bytes[(plain + 1)..];
        }
    }
}
