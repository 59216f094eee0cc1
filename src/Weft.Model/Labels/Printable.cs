using System.Text;

namespace Weft.Model.Labels;

/// <summary>Makes text from outside fit for a message: bounded, one line, no control characters.</summary>
public static class Printable
{
    private const int MaxLength = 80;

    public static string Excerpt(string? text)
    {
        text ??= "";
        var result = new StringBuilder(Math.Min(text.Length, MaxLength) + 1);
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, MaxLength)))
        {
            result.Append(c is >= ' ' and <= '~' ? c : '?');
        }
        return text.Length > MaxLength ? result.Append('…').ToString() : result.ToString();
    }
}
