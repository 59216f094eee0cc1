using System.Globalization;
using Weft.Bpf.Btf;

namespace Weft.Bpf.Tests.Btf;

/// <summary>Types as 'bpftool btf dump format raw' prints them: as much as tells which functions take a pointer to a struct.</summary>
internal sealed class BtfText
{
    private static readonly string[] s_qualifiers = ["TYPEDEF", "CONST", "VOLATILE", "RESTRICT", "TYPE_TAG"];

    private readonly Dictionary<int, Entry> _types = [];

    private sealed record Entry(string Kind, string Name, int Type)
    {
        public List<int> Parameters { get; } = [];
    }

    /// <param name="lines"><c>[7] PTR '(anon)' type_id=6</c>; parameters and members follow on lines that begin with a tab.</param>
    public static BtfText Parse(IEnumerable<string> lines)
    {
        BtfText text = new();
        Entry? last = null;
        foreach (string line in lines)
        {
            if (line.StartsWith('\t'))
            {
                last?.Parameters.Add(NumberAfter(line, "type_id="));
            }
            else if (line.StartsWith('['))
            {
                string[] words = line.Split(' ', 3);
                int quote = words[2].IndexOf('\'', 1);
                last = new Entry(words[1], words[2][1..quote], NumberAfter(words[2][quote..], "type_id="));
                text._types[int.Parse(words[0].Trim('[', ']'), CultureInfo.InvariantCulture)] = last;
            }
        }

        return text;
    }

    public IReadOnlyList<BtfFunctionArgument> FunctionsTaking(string structName, int arguments)
    {
        List<BtfFunctionArgument> found = [];
        foreach ((_, Entry function) in _types.OrderBy(type => type.Key).Where(type => type.Value.Kind == "FUNC"))
        {
            int index = _types[function.Type].Parameters.Take(arguments).ToList().FindIndex(type => IsPointerTo(type, structName));
            if (index >= 0)
            {
                found.Add(new(function.Name, index + 1));
            }
        }

        return found;
    }

    private bool IsPointerTo(int type, string structName) =>
        Resolve(type) is { Kind: "PTR" } pointer && Resolve(pointer.Type) is { Kind: "STRUCT" } target && target.Name == structName;

    private Entry? Resolve(int type)
    {
        while (_types.TryGetValue(type, out Entry? entry))
        {
            if (!s_qualifiers.Contains(entry.Kind))
            {
                return entry;
            }

            type = entry.Type;
        }

        return null;
    }

    private static int NumberAfter(string text, string key)
    {
        int at = text.IndexOf(key, StringComparison.Ordinal);
        string digits = at < 0 ? "" : new string([.. text[(at + key.Length)..].TakeWhile(char.IsAsciiDigit)]);
        return digits.Length == 0 ? 0 : int.Parse(digits, CultureInfo.InvariantCulture);
    }
}
