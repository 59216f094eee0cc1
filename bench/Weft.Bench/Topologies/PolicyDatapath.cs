using System.Globalization;
using System.Net;
using System.Text;
using Weft.Abi;
using Weft.Bench.Traffic;
using Weft.Datapath.Events;
using Weft.Datapath.Loading;
using Weft.Datapath.Maps;
using Weft.Datapath.Policy;
using Weft.Model.Addressing;
using Weft.Model.Endpoints;
using Weft.Model.Identities;
using Weft.Model.Labels;
using Weft.Netlink;
using Weft.Policy.Documents;
using Weft.Policy.Resolution;

namespace Weft.Bench.Topologies;

/// <summary>The datapath of a node without an agent: one pod, and peers on another node that are all in the ipcache, whatever table the pod has.</summary>
internal sealed class PolicyDatapath : IDisposable
{
    public const int Peers = 10_000;
    public const int Ports = 10_000;

    /// <summary>To which every peer may speak, and that peers may be spoken to at.</summary>
    public const ushort CommonPort = 80;

    /// <summary>So that a table has more than one set of rules.</summary>
    private const int Groups = 100;

    private const int FirstPort = 20_000;

    /// <summary>Neighbours would become one entry.</summary>
    private const int PortStep = 3;

    /// <summary>Of every policy here; rules follow.</summary>
    private const string Head = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: bench, namespace: default }
        spec:
          podSelector: { matchLabels: { app: bench } }
          policyTypes: [Ingress, Egress]

        """;

    private static readonly Dictionary<Identity, Identity> s_noHeirs = [];
    private static readonly IPAddress s_otherNode = IPAddress.Parse("192.168.2.62");
    private static readonly Identity s_self = new(19_999);
    private static readonly EndpointId s_endpoint = new(1);

    private readonly SingleNode _node;
    private readonly List<IDisposable> _owned = [];
    private readonly DatapathMaps _maps;
    private readonly PolicyTables _tables;
    private readonly EndpointEntries _entries;
    private readonly EndpointRecord _pod;

    public PolicyDatapath(string agentProgram)
    {
        _node = new SingleNode(agentProgram, "policy");
        try
        {
            LoadedDatapath loaded = Own(new DatapathLoader(_node.BpfRoot, static (_, _) => { }).Load(Config));
            _maps = loaded.Maps;
            _entries = new EndpointEntries(_maps, Own(new EventSwitch(_maps)));
            _tables = Own(new PolicyTables(_maps, _entries, TimeProvider.System));
            using RtNetlink netlink = RtNetlink.Open(_node.Namespace);
            int device = netlink.Links.Get(SingleNode.Device).Index.Value;
            _pod = Record(s_endpoint, s_self, device);
            _entries.Put(_pod);
            FillIpcache();
            FromPod = PolicyRuns.FromPod(_node.Namespace, loaded.FromPod, _pod, AddressOf);
            FromOverlay = Own(PolicyRuns.FromOverlay(_node.Namespace, loaded.FromOverlay, _pod, AddressOf, IdentityOf, s_otherNode));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public PolicyRuns FromPod { get; }

    public PolicyRuns FromOverlay { get; }

    private static DatapathConfig Config => new()
    {
        NodeAddr = WeftAddress.From(SingleNode.Address),
        RouterAddr = WeftAddress.Parse("10.0.1.1"),
        OverlayIfIndex = 6,
        NetdevIfIndex = 2,
        HostIfIndex = 7,
        OverlayMtu = 1450,
        NodePortMin = 30000,
        NodePortMax = 32767,
        TunnelPort = new Be16(8472),
        NodeId = 2,
    };

    /// <summary>A table in which so many peers have entries of their own, in either direction.</summary>
    public static PolicyTable TableOfPeers(int peers)
    {
        StringBuilder text = new(Head);
        foreach ((string rules, string whom) in new[] { ("ingress", "from"), ("egress", "to") })
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {rules}:");
            for (int group = 0; group < Groups; group++)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $$"""
                      - {{whom}}: [{ podSelector: { matchLabels: { group: g{{group}} } } }]
                        ports: [{ port: {{CommonPort}}, protocol: UDP }, { port: {{1000 + group}}, protocol: UDP }]
                    """);
            }
        }

        return Resolve(text.ToString(), peers);
    }

    /// <summary>A table in which one peer has an entry for each of <see cref="Ports"/> and for the common one, in either direction.</summary>
    public static PolicyTable TableOfPorts()
    {
        string ports = string.Join(", ", Enumerable.Range(0, Ports).Select(PortAt).Append(CommonPort).Select(port => $"{{ port: {port}, protocol: UDP }}"));
        return Resolve(
            $$"""
            {{Head}}  ingress: [{ from: [{ podSelector: { matchLabels: { group: g0 } } }], ports: [{{ports}}] }]
              egress: [{ to: [{ podSelector: { matchLabels: { group: g0 } } }], ports: [{{ports}}] }]
            """,
            peers: 1);
    }

    public static ushort PortAt(int number) => (ushort)(FirstPort + (PortStep * number));

    /// <summary>The pod has the table from now on, as a whole; <see cref="PolicyTable.Empty"/>: none.</summary>
    public void Give(PolicyTable table) => _tables.Put([new PolicyTableUpdate(table, [s_endpoint])], s_noHeirs);

    /// <summary>Makes endpoints known that have no device, and gives each the table of its identity, all at once.</summary>
    /// <returns>What has to be called after.</returns>
    public Action GiveMany(PolicyEngine engine, IReadOnlyList<Identity> identities)
    {
        (EndpointId Id, Identity Identity)[] many = [.. identities.Select((identity, number) => (new EndpointId((ushort)(100 + number)), identity))];
        EndpointRecord[] records = [.. many.Select(each => Record(each.Id, each.Identity, 1000 + each.Id.Value))];
        Array.ForEach(records, _entries.Put);
        _tables.Put(
            [.. many.GroupBy(each => engine.TableOf(each.Identity), each => each.Id).Select(group => new PolicyTableUpdate(group.Key, [.. group]))],
            s_noHeirs);
        return () =>
        {
            Array.ForEach(many, each => _tables.Remove(each.Id));
            Array.ForEach(records, _entries.Remove);
        };
    }

    /// <summary>All flows are new again.</summary>
    public void ForgetFlows() => _maps.ConntrackAny.DeleteWhere(static (_, _) => true);

    public void Dispose()
    {
        foreach (IDisposable owned in Enumerable.Reverse(_owned))
        {
            owned.Dispose();
        }

        _node.Dispose();
    }

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    private static IPAddress AddressOf(int peer) => new([10, 64, (byte)(peer >> 8), (byte)peer]);

    private static Identity IdentityOf(int peer) => new((uint)(20_000 + peer));

    private static PolicyTable Resolve(string policies, int peers)
    {
        PolicyEngine engine = new();
        engine.PutIdentity(s_self, LabelsOf("app=bench"));
        engine.AddSubject(s_self);
        for (int peer = 0; peer < peers; peer++)
        {
            engine.PutIdentity(IdentityOf(peer), LabelsOf($"group=g{peer % Groups}", $"peer=p{peer}"));
        }

        foreach (PolicyDocument document in PolicyCluster.Read(policies))
        {
            engine.PutPolicy(document);
        }

        engine.Resolve();
        return engine.TableOf(s_self);
    }

    private static LabelSet LabelsOf(params string[] labels) =>
        LabelSet.Parse([.. labels.Select(label => $"k8s:{label}"), "k8s:io.kubernetes.pod.namespace=default"]);

    private static EndpointRecord Record(EndpointId id, Identity identity, int device) => new()
    {
        Id = id,
        ContainerId = $"bench{id}",
        ContainerInterface = "eth0",
        NetnsPath = "",
        HostInterface = "lxc",
        HostIfindex = device,
        Mac = Mac("fe:55:fa:02:ee:e5"),
        HostMac = Mac("d2:f1:29:4b:bd:9d"),
        IPv4 = new IPAddress([10, 0, (byte)(1 + (id.Value >> 8)), (byte)id.Value]),
        Labels = LabelsOf("app=bench"),
        Identity = identity,
    };

    private static MacAddress Mac(string text) =>
        MacAddress.TryParse(text, out MacAddress mac, out string? error) ? mac : throw new InvalidOperationException(error);

    private void FillIpcache()
    {
        IpcacheEntries ipcache = new(_maps);
        new NodeEntries(_maps).Put(s_otherNode, Identity.RemoteNode);
        ipcache.Put(_pod.IPv4!.AsPrefix(), s_self, tunnelEndpoint: null);
        for (int peer = 0; peer < Peers; peer++)
        {
            ipcache.Put(AddressOf(peer).AsPrefix(), IdentityOf(peer), s_otherNode);
        }
    }
}
