using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using Weft.Events;

namespace Weft.Cli.Monitor;

/// <summary>The options about one side of packets: either end, who sends, or who is sent to.</summary>
internal sealed class EndFlags
{
    private readonly EndSide _side;
    private readonly string _prefix;
    private readonly Option<string[]> _pods;
    private readonly Option<string[]> _labels;
    private readonly Option<uint[]> _identities;
    private readonly Option<IPNetwork[]> _addresses;

    public EndFlags(EndSide side)
    {
        (_side, _prefix, string who) = side switch
        {
            EndSide.From => (side, "from-", "from"),
            EndSide.To => (side, "to-", "to"),
            _ => (side, "", "from or to"),
        };
        _pods = new($"--{_prefix}pod") { HelpName = "POD", Description = $"Only packets {who} this pod (POD or NAMESPACE/POD), may be repeated" };
        string[] labels = side == EndSide.Any ? ["-l"] : [];
        _labels = new($"--{_prefix}label", labels) { HelpName = "SELECTOR", Description = $"Only packets {who} workloads with these labels: app=web,tier in (a,b),!canary" };
        _identities = new($"--{_prefix}identity") { HelpName = "IDENTITY", Description = $"Only packets {who} this security identity, by number or reserved name, may be repeated", CustomParser = ParseIdentities };
        _addresses = new($"--{_prefix}ip") { HelpName = "ADDRESS", Description = $"Only packets {who} this address or CIDR, in a tunnel or as the tunnel, may be repeated", CustomParser = ParseAddresses };
        _identities.CompletionSources.Add(_ => ReservedNames.Select(name => new System.CommandLine.Completions.CompletionItem(name)));
    }

    public IEnumerable<Option> All => [_pods, _labels, _identities, _addresses];

    private static IEnumerable<string> ReservedNames => Enum.GetNames<Abi.ReservedIdentity>().Select(NameOf);

    /// <summary>One condition an option: options must all hold, of one option's values one has to.</summary>
    public IEnumerable<EndRequest> Read(ParseResult parse)
    {
        if (parse.GetValue(_pods) is { Length: > 0 } pods)
        {
            yield return new EndRequest(_pods.Name, _side) { Pods = [.. pods] };
        }

        foreach (string label in parse.GetValue(_labels) ?? [])
        {
            yield return new EndRequest(_labels.Name, _side) { Labels = [LabelSelectorText.Parse(label)] };
        }

        if (parse.GetValue(_identities) is { Length: > 0 } identities)
        {
            yield return new EndRequest(_identities.Name, _side) { Identities = [.. identities] };
        }

        if (parse.GetValue(_addresses) is { Length: > 0 } addresses)
        {
            yield return new EndRequest(_addresses.Name, _side) { Addresses = [.. addresses] };
        }
    }

    private static string NameOf(string reserved) => string.Concat(reserved.Select((c, at) => char.IsUpper(c) && at > 0 ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));

    private uint[] ParseIdentities(ArgumentResult result)
    {
        List<uint> identities = [];
        foreach (string text in result.Tokens.SelectMany(token => token.Value.Split(',')))
        {
            string? reserved = Enum.GetNames<Abi.ReservedIdentity>().FirstOrDefault(name => NameOf(name) == text);
            if (uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint identity))
            {
                identities.Add(identity);
            }
            else if (reserved is not null)
            {
                identities.Add((uint)Enum.Parse<Abi.ReservedIdentity>(reserved));
            }
            else
            {
                result.AddError($"--{_prefix}identity cannot be '{text}': it is a number (see 'weft identity list') or one of {string.Join(", ", ReservedNames)}");
            }
        }

        return [.. identities];
    }

    private IPNetwork[] ParseAddresses(ArgumentResult result)
    {
        List<IPNetwork> networks = [];
        foreach (string text in result.Tokens.SelectMany(token => token.Value.Split(',')))
        {
            if (IPNetwork.TryParse(text, out IPNetwork network))
            {
                networks.Add(network);
            }
            else if (IPAddress.TryParse(text, out IPAddress? address) && (text.Contains(':', StringComparison.Ordinal) || text.Count(c => c == '.') == 3))
            {
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else
            {
                result.AddError($"--{_prefix}ip cannot be '{text}': it is an address or a CIDR, as 10.0.0.23 or 10.0.0.0/24");
            }
        }

        return [.. networks];
    }
}
