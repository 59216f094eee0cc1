using Weft.Abi;

namespace Weft.Cli.Maps;

/// <summary>One entry of <c>weft_endpoints</c>.</summary>
/// <param name="Host">An address of the node itself: everything but the identity is empty.</param>
internal sealed record EndpointMapRow(
    string Address, bool Host, ushort Id, uint Identity, ushort Flags, uint IfIndex, string Mac, string NodeMac)
{
    public static EndpointMapRow From(WeftAddress address, in EndpointValue value) => new(
        address.ToString(),
        value.Flags.HasFlag(EndpointFlags.Host),
        value.Id,
        value.Identity,
        (ushort)value.Flags,
        value.IfIndex,
        value.Mac.ToString(),
        value.NodeMac.ToString());

    /// <summary>The form of the entry that users of Cilium's <c>bpf endpoint list</c> know.</summary>
    public string ToText() => Host
        ? "(localhost)"
        : $"id={Id,-5} sec_id={Identity,-5} flags=0x{Flags:X4} ifindex={IfIndex,-3}"
            + $" mac={Mac.ToUpperInvariant()} nodemac={NodeMac.ToUpperInvariant()}";
}
