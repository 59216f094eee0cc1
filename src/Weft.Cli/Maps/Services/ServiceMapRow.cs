using System.Net;
using System.Text.Json.Serialization;
using Weft.Abi;

namespace Weft.Cli.Maps.Services;

/// <summary>A frontend with what its lists lead to.</summary>
internal sealed record ServiceMapRow
{
    private const string NonRoutable = "non-routable";

    [JsonIgnore]
    public ServiceKey Key { get; init; }

    public required uint Id { get; init; }

    /// <summary>Address 0.0.0.0 or ::: every address of a node.</summary>
    public required string Frontend { get; init; }

    public required string Protocol { get; init; }

    public required IReadOnlyList<string> Flags { get; init; }

    /// <summary>Seconds; none: no affinity.</summary>
    public uint? AffinityTimeout { get; init; }

    /// <summary>For pods and the node's processes, in the order of the slots.</summary>
    public required IReadOnlyList<ServiceMapBackend> Internal { get; init; }

    /// <summary>For clients from outside.</summary>
    public required IReadOnlyList<ServiceMapBackend> External { get; init; }

    public static ServiceMapRow From(ServiceKey key, ServiceValue value, Func<ServiceList, IReadOnlyList<ServiceMapBackend>> backends) => new()
    {
        Key = key,
        Id = value.Id,
        Frontend = SocketText.Of(key.Addr, key.Port),
        Protocol = SocketText.Protocol(key.Proto),
        Flags = FlagsOf(key, value),
        AffinityTimeout = value.AffinityTimeout == 0 ? null : value.AffinityTimeout,
        Internal = backends(ServiceList.Internal),
        External = backends(ServiceList.External),
    };

    /// <summary>Each list that clients may have, with what its lines begin with: one where both are the same.</summary>
    public IEnumerable<(string Frontend, IReadOnlyList<ServiceMapBackend> Backends)> Lists()
    {
        string name = $"{Frontend}/{Protocol}";
        if (Flags.Contains(NonRoutable))
        {
            return [($"{name}/i", Internal)];
        }

        return Internal.SequenceEqual(External) ? [(name, Internal)] : [(name, External), ($"{name}/i", Internal)];
    }

    /// <summary>In Cilium's words. What kind a service with an address of its own is, the datapath does not know.</summary>
    private static List<string> FlagsOf(in ServiceKey key, in ServiceValue value)
    {
        List<string> names = [];
        if (value.Flags.HasFlag(ServiceFlags.ClusterOnly))
        {
            names.AddRange(["ClusterIP", NonRoutable]);
        }
        else if (key.Addr.ToIPAddress() is var address && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)))
        {
            names.Add("NodePort");
        }

        if (value.AffinityTimeout != 0)
        {
            names.Add("sessionAffinity");
        }

        if (value.Flags.HasFlag(ServiceFlags.SourceRanges))
        {
            names.Add("check source-range");
        }

        if (value.Flags.HasFlag(ServiceFlags.Maglev))
        {
            names.Add("maglev");
        }

        if (value.Flags.HasFlag(ServiceFlags.Dsr))
        {
            names.Add("dsr");
        }

        return names;
    }
}
