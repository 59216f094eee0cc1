namespace Weft.Cli.Capture;

/// <summary>How <c>weft capture</c> ends, and what it makes of packets.</summary>
/// <param name="Count">Packets after which it ends; 0: none.</param>
/// <param name="Duration">After which it ends; null: never.</param>
/// <param name="File">Name of a capture file, <c>-</c>: standard output; null: text.</param>
/// <param name="FileBytes">After which the next file begins; 0: never.</param>
/// <param name="Files">Most files to keep; 0: all.</param>
internal sealed record CaptureOptions(int Count, TimeSpan? Duration, string? File, long FileBytes, int Files)
{
    public const string StandardOutput = "-";

    /// <summary>Reads a number of millions of bytes, as tcpdump takes it, or one with a unit: <c>64k</c>, <c>10m</c>, <c>1g</c>.</summary>
    public static bool TryParseSize(string text, out long bytes)
    {
        (string number, long unit) = text.Length == 0 ? ("", 0) : char.ToLowerInvariant(text[^1]) switch
        {
            'k' => (text[..^1], 1L << 10),
            'm' => (text[..^1], 1L << 20),
            'g' => (text[..^1], 1L << 30),
            _ => (text, 1_000_000),
        };
        bytes = 0;
        if (!long.TryParse(number, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out long count) || count is 0 or > 1 << 20)
        {
            return false;
        }

        bytes = count * unit;
        return true;
    }

    /// <summary>Reads <c>30s</c>, <c>500ms</c>, <c>5m</c>, <c>1h</c>, or a number of seconds.</summary>
    public static bool TryParseDuration(string text, out TimeSpan duration)
    {
        string[] units = ["ms", "s", "m", "h"];
        string unit = units.FirstOrDefault(known => text.EndsWith(known, StringComparison.Ordinal)) ?? "";
        bool isNumber = double.TryParse(
            text[..^unit.Length], System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out double value);
        double seconds = value * unit switch { "ms" => 0.001, "m" => 60, "h" => 3600, _ => 1 };
        bool fits = isNumber && seconds is > 0 and < 1_000_000;
        duration = fits ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
        return fits;
    }
}
