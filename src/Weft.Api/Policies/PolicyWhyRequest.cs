using System.Globalization;

namespace Weft.Api.Policies;

/// <summary>Asks whether a flow is allowed, and why.</summary>
public sealed record PolicyWhyRequest
{
    public const string Tcp = "tcp";
    public const string Udp = "udp";
    public const string Sctp = "sctp";

    /// <summary>Of the family of the ends.</summary>
    public const string Icmp = "icmp";
    public const string Icmpv6 = "icmpv6";

    /// <summary>
    /// A pod (<c>namespace/name</c>, or its name), a node, an address, the number of an endpoint, <c>identity:N</c>, a reserved name, or labels
    /// (<c>app=web,tier=front</c>).
    /// </summary>
    public required string Source { get; init; }

    /// <summary>The same, or a service: <c>svc/namespace/name</c>.</summary>
    public required string Destination { get; init; }

    /// <summary>One of the words above.</summary>
    public required string Protocol { get; init; }

    /// <summary>Of the destination, as the client names it; of ICMP the type. None: that of the service's only port, or an echo request.</summary>
    public ushort? Port { get; init; }

    /// <summary>Path and query of the request.</summary>
    public string ToPath() =>
        $"{ApiPaths.PolicyWhy}?src={Uri.EscapeDataString(Source)}&dst={Uri.EscapeDataString(Destination)}&protocol={Uri.EscapeDataString(Protocol)}"
            + (Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"&port={port}") : "");
}
