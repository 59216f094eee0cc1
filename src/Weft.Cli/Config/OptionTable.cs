namespace Weft.Cli.Config;

/// <summary>Options and values in one column each, as <c>Debug                   : Disabled</c>.</summary>
internal static class OptionTable
{
    public static void Write(TextWriter output, IEnumerable<KeyValuePair<string, string>>? options)
    {
        List<KeyValuePair<string, string>> sorted = [.. (options ?? []).OrderBy(o => o.Key, StringComparer.Ordinal)];
        int width = sorted.Count == 0 ? 0 : sorted.Max(o => o.Key.Length);
        foreach ((string name, string value) in sorted)
        {
            output.WriteLine($"{name.PadRight(width)} : {value}".TrimEnd());
        }
    }
}
