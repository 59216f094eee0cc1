using System.Collections.Immutable;
using System.Net;
using Weft.Model.Nodes;

namespace Weft.Control.Health;

/// <summary>A node that is to be probed, and where.</summary>
internal sealed record ProbedNode(NodeName Name, ImmutableArray<IPAddress> Host, ImmutableArray<IPAddress> Endpoint)
{
    public IEnumerable<IPAddress> Addresses => Host.Concat(Endpoint);
}
