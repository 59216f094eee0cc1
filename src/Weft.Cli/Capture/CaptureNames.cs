using System.Globalization;
using System.Net;
using Weft.Abi;
using Weft.Cli.Trace;
using Weft.Events.Hops;
using Weft.Packets;

namespace Weft.Cli.Capture;

/// <summary>What is known of packets beside their bytes: whose addresses they have, and where they were seen.</summary>
internal sealed class CaptureNames
{
    private readonly Dictionary<IPAddress, (string Name, long? Identity)> _ends = [];

    public CaptureNames(TraceWorld world)
    {
        foreach ((IPAddress address, string name) in world.NodeAddresses)
        {
            _ends[address] = (name, null);
        }

        foreach ((_, Api.Endpoints.EndpointResource endpoint, string name) in world.Pods())
        {
            foreach (IPAddress address in TraceWorld.AddressesOf(endpoint))
            {
                _ends[address] = (name, endpoint.Status?.Identity?.Id);
            }
        }
    }

    public IEnumerable<KeyValuePair<IPAddress, string>> Addresses => _ends.Select(end => KeyValuePair.Create(end.Key, end.Value.Name)).OrderBy(end => end.Value, StringComparer.Ordinal);

    public string? NameOf(IPAddress? address) => address is not null && _ends.TryGetValue(address, out (string Name, long?) end) ? end.Name : null;

    /// <summary>Of who sent a packet: what the tunnel says, else what is known of the address.</summary>
    public long? IdentityOf(Sighting seen) => seen.Facts.Vni
        ?? (seen.Facts.Source is { } source && _ends.TryGetValue(source, out (string, long? Identity) end) ? end.Identity : null);

    /// <summary><c>default/web -> default/db, identity 37483</c>; empty: nothing is known.</summary>
    public string Describe(Sighting seen, bool numeric)
    {
        List<string> parts = [];
        string? from = numeric ? null : NameOf(seen.Facts.Source);
        string? to = numeric ? null : NameOf(seen.Facts.Destination);
        if (from is not null || to is not null)
        {
            parts.Add($"{from ?? $"{seen.Facts.Source}"} -> {to ?? $"{seen.Facts.Destination}"}");
        }

        if (IdentityOf(seen) is { } identity)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"identity {identity}"));
        }

        return string.Join(", ", parts);
    }

    /// <summary>A pod's name, or <c>node</c>.</summary>
    public static string PlaceOf(Sighting seen) => seen.Namespace is { Length: > 0 } pod ? pod : seen.Namespace is null ? "?" : "node";

    public static string PointOf(Sighting seen) => seen.Point?.ToString().ToLowerInvariant() ?? "";

    public static PcapngDirection DirectionOf(Sighting seen) => seen.Point switch
    {
        HopPoint.Queue or HopPoint.Transmit or HopPoint.NotSent => PcapngDirection.Outbound,
        HopPoint.Receive or HopPoint.Rx or HopPoint.Deliver or HopPoint.Socket => PcapngDirection.Inbound,
        _ => PcapngDirection.Unknown,
    };

    /// <summary>Why the kernel dropped it, and where; null: it did not.</summary>
    public static string? DropOf(Sighting seen) => seen.KernelReason is { } reason
        ? HopJoiner.CallerOf(seen) is { } function ? $"{reason} in {function}" : reason
        : null;
}
