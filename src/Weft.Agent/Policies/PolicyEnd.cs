using System.Net;
using Weft.Model.Endpoints;
using Weft.Model.Identities;

namespace Weft.Agent.Policies;

/// <summary>Somebody that a flow can be from or to.</summary>
/// <param name="Name">As people call it.</param>
internal sealed record PolicyEnd(string Name, Identity Identity)
{
    /// <summary>One of its addresses, or the one that was asked for.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>Of this node.</summary>
    public EndpointId? Endpoint { get; init; }

    /// <summary>Where it is, or which node it is; null: that is not known, or nowhere.</summary>
    public string? Node { get; init; }
}
