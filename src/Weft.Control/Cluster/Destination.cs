using System.Net;
using Weft.Abi;
using Weft.Model.Identities;

namespace Weft.Control.Cluster;

/// <summary>What the datapath is to know of the addresses of a prefix.</summary>
/// <param name="Identity">Who has them.</param>
/// <param name="Tunnel">The node to encapsulate to; null: this node, or not behind the overlay.</param>
/// <param name="Flags">What else.</param>
public sealed record Destination(Identity Identity, IPAddress? Tunnel, IpcacheFlags Flags = IpcacheFlags.None);
