using System.Net;

namespace Weft.Agent.Policies;

/// <summary>Connections that the datapath tracks and that policy judges alike.</summary>
/// <param name="Source">Who began.</param>
/// <param name="Port">Of the destination; of ICMP the type of an echo request.</param>
/// <param name="Count">As many differ in the client's port only.</param>
internal sealed record TrackedConnection(IPAddress Source, IPAddress Destination, byte Protocol, ushort Port, int Count);
