using System.Text.RegularExpressions;
using Weft.Tests.Shared;

namespace Weft.Netlink.Tests.Netfilter;

/// <summary>What <c>nft</c> says of a namespace.</summary>
internal static partial class Nft
{
    /// <summary>By family, table, chain and handle: the text of each rule.</summary>
    public static Dictionary<(string Family, string Table, string Chain, ulong Handle), string> Rules(TestNamespace where)
    {
        Dictionary<(string, string, string, ulong), string> rules = [];
        string family = "", table = "", chain = "";
        foreach (string line in where.Exec("nft", "-a", "list", "ruleset").Split('\n'))
        {
            if (TableLine().Match(line) is { Success: true } start)
            {
                (family, table) = (start.Groups[1].Value, start.Groups[2].Value);
            }
            else if (ChainLine().Match(line) is { Success: true } of)
            {
                chain = of.Groups[1].Value;
            }
            else if (RuleLine().Match(line) is { Success: true } rule)
            {
                rules[(family, table, chain, ulong.Parse(rule.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture))] = rule.Groups[1].Value;
            }
        }

        return rules;
    }

    public static void Load(TestNamespace where, string ruleset)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, ruleset);
            where.Exec("nft", "-f", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [GeneratedRegex(@"^table (\S+) (\S+) \{")]
    private static partial Regex TableLine();

    [GeneratedRegex(@"^\tchain (\S+) \{")]
    private static partial Regex ChainLine();

    [GeneratedRegex(@"^\t\t(\S.*) # handle (\d+)$")]
    private static partial Regex RuleLine();
}
