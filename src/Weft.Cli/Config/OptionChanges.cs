using System.CommandLine;
using System.CommandLine.Parsing;
using Weft.Api.Config;

namespace Weft.Cli.Config;

/// <summary>Reads <c>KEY=VALUE…</c> of the <c>config</c> commands.</summary>
internal static class OptionChanges
{
    private static readonly string[] s_switch = [DatapathOption.Enabled, DatapathOption.Disabled];

    /// <summary>Options that each endpoint has of its own, and their values.</summary>
    public static IReadOnlyDictionary<string, string[]> OfEndpoint { get; } = new Dictionary<string, string[]>
    {
        [DatapathOption.Debug] = s_switch,
        [DatapathOption.DropNotification] = s_switch,
        [DatapathOption.TraceNotification] = s_switch,
        [DatapathOption.PolicyAuditMode] = s_switch,
    };

    /// <summary>Options of the whole node.</summary>
    public static IReadOnlyDictionary<string, string[]> OfNode { get; } = new Dictionary<string, string[]>(OfEndpoint)
    {
        [DatapathOption.MonitorAggregationLevel] = ["None", "Low", "Medium"],
        [DatapathOption.PolicyEnforcement] = ["default", "always", "never"],
    };

    public static Argument<OptionChange[]> CreateArgument(IReadOnlyDictionary<string, string[]> known)
    {
        Argument<OptionChange[]> argument = new("changes")
        {
            HelpName = "KEY=VALUE",
            Description = $"What to change: {string.Join(", ", known.Select(o => $"{o.Key}={string.Join('|', o.Value)}"))}",
            Arity = ArgumentArity.ZeroOrMore,
            CustomParser = result => [.. result.Tokens.Select(token => Parse(token.Value, known, result))],
        };
        argument.CompletionSources.Add(_ => known.SelectMany(o => o.Value, (o, value) => $"{o.Key}={value}"));
        return argument;
    }

    public static IReadOnlyDictionary<string, string> ToDictionary(IEnumerable<OptionChange> changes) =>
        changes.GroupBy(c => c.Name).ToDictionary(g => g.Key, g => g.Last().Value);

    private static OptionChange Parse(string text, IReadOnlyDictionary<string, string[]> known, ArgumentResult result)
    {
        string[] halves = text.Split('=', 2);
        if (halves.Length != 2)
        {
            result.AddError($"'{text}' is not KEY=VALUE");
            return default;
        }

        string? name = known.Keys.FirstOrDefault(k => k.Equals(halves[0], StringComparison.OrdinalIgnoreCase));
        if (name is null)
        {
            result.AddError($"no option '{halves[0]}' can be changed: there are {string.Join(", ", known.Keys)}");
            return default;
        }

        string? value = Array.Find(known[name], v => v.Equals(Spelling(halves[1]), StringComparison.OrdinalIgnoreCase));
        if (value is null)
        {
            result.AddError($"option {name} cannot be '{halves[1]}': it is one of {string.Join(", ", known[name])}");
            return default;
        }

        return new OptionChange(name, value);
    }

    /// <summary>The words for on and off that users of Cilium's <c>config</c> have at hand.</summary>
    private static string Spelling(string value) => value.ToLowerInvariant() switch
    {
        "true" or "on" or "yes" or "enable" or "1" => DatapathOption.Enabled,
        "false" or "off" or "no" or "disable" or "0" => DatapathOption.Disabled,
        _ => value,
    };
}
