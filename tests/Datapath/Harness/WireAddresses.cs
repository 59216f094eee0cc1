using Weft.Abi;

namespace Datapath.Harness;

/// <summary>The addresses of a node on the wire.</summary>
internal sealed record WireAddresses(string Node, string Node6, string Router, string Router6, string Pods, string Pods6)
{
    public static readonly WireAddresses East = new(Harness.Node.East, Harness.Node.East6, Harness.Node.Router, Harness.Node.Router6, "10.0.1.0/24", "fd00:10:1::/64");

    public static readonly WireAddresses West = new(Harness.Node.West, Harness.Node.West6, Harness.Node.WestRouter, Harness.Node.WestRouter6, "10.0.0.0/24", "fd00:10::/64");

    public IEnumerable<WeftAddress> OfNode => new[] { Node, Node6, Router, Router6 }.Select(WeftAddress.Parse);
}
