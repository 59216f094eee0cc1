using System.Globalization;

namespace Weft.Api.Tracing;

/// <summary>Which packets a client wants to follow through the node's netfilter rules: those of a flow, and their answers.</summary>
/// <remarks>Absent parts fit everything.</remarks>
public sealed record NetfilterTraceRequest
{
    /// <summary>A name (<c>tcp</c>) or a number.</summary>
    public string? Protocol { get; init; }

    /// <summary>An address or a network.</summary>
    public string? Source { get; init; }

    /// <summary>An address or a network.</summary>
    public string? Destination { get; init; }

    public ushort? SourcePort { get; init; }

    public ushort? DestinationPort { get; init; }

    /// <summary>Path and query of the request.</summary>
    public string ToPath()
    {
        IEnumerable<string> parts = new (string Name, string? Value)[]
        {
            ("proto", Protocol),
            ("src", Source),
            ("dst", Destination),
            ("sport", SourcePort?.ToString(CultureInfo.InvariantCulture)),
            ("dport", DestinationPort?.ToString(CultureInfo.InvariantCulture)),
        }.Where(static part => part.Value is not null).Select(static part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}");
        string query = string.Join('&', parts);
        return query.Length == 0 ? ApiPaths.NetfilterTrace : $"{ApiPaths.NetfilterTrace}?{query}";
    }
}
