using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Weft.Lab.State;
using Weft.Lab.Topology;

namespace Weft.Lab.Probes;

/// <summary>The addresses that the members of a lab can be probed at: of pods those that their agents gave them.</summary>
public sealed class MemberAddresses
{
    private readonly ImmutableDictionary<string, ImmutableArray<IPAddress>> _addresses;

    private MemberAddresses(LabReport report, LabTopology topology)
    {
        Pods = [.. topology.Pods.Select(pod => pod.Name)];
        Dictionary<string, ImmutableArray<IPAddress>> addresses = [];
        foreach (PodReport pod in report.Nodes.SelectMany(node => node.Pods))
        {
            addresses[pod.Name] = Of(pod.Address, pod.Address6);
        }

        foreach (NodeSpec node in topology.Nodes)
        {
            addresses[node.Name] = [.. new[] { node.Address, node.Address6 }.OfType<IPAddress>()];
        }

        foreach (OutsideSpec host in topology.Outside)
        {
            addresses[host.Name] = [.. new[] { host.Address.Address, host.Address6?.Address }.OfType<IPAddress>()];
        }

        _addresses = addresses.ToImmutableDictionary();
    }

    /// <summary>Names of the lab's pods, in the order of the topology.</summary>
    public ImmutableArray<string> Pods { get; }

    /// <exception cref="LabException">There is no such lab.</exception>
    public static async Task<MemberAddresses> ReadAsync(string lab, CancellationToken cancellationToken)
    {
        LabReport report = await LabReporter.ReadAsync(lab, cancellationToken);
        return new MemberAddresses(report, new LabDirectory(lab).ReadTopology()!);
    }

    public bool HasAny(string name) => _addresses.TryGetValue(name, out ImmutableArray<IPAddress> addresses) && addresses.Length > 0;

    /// <returns>Null if it has none of that family.</returns>
    public IPAddress? Find(string name, AddressFamily family) => HasAny(name) ? _addresses[name].FirstOrDefault(address => address.AddressFamily == family) : null;

    /// <summary>One for each of the families in which both have an address.</summary>
    public IEnumerable<ProbePair> Pairs(string source, string destination, IEnumerable<AddressFamily> families) =>
        from family in families
        where Find(source, family) is not null
        let address = Find(destination, family)
        where address is not null
        select new ProbePair(source, destination, address);

    private static ImmutableArray<IPAddress> Of(params string?[] texts) => [.. texts.OfType<string>().Select(IPAddress.Parse)];
}
