using Weft.Abi;

namespace Weft.Cli.Maps;

/// <summary>One entry of <c>weft_nodes</c>.</summary>
internal sealed record NodeMapRow(string Address, uint Identity, ushort Id)
{
    public static NodeMapRow From(WeftAddress address, in NodeValue value) => new(address.ToString(), value.Identity, value.Id);
}
