using System.Net;
using Weft.Abi;
using Weft.Bpf.Maps;
using Weft.Datapath.Events;
using Weft.Datapath.Maps;
using Weft.Datapath.Policy;
using Weft.Model.Addressing;
using Weft.Model.Endpoints;
using Weft.Model.Identities;
using Weft.Model.Labels;
using Weft.Policy.Documents;
using Weft.Policy.Reading;
using Weft.Policy.Resolution;

namespace Datapath.Harness;

/// <summary>Policy on the node under test, from documents to maps, by the engine and the writer that an agent has.</summary>
internal sealed class PolicyNode : IDisposable
{
    private static readonly Dictionary<Identity, Identity> s_noHeirs = [];

    private readonly DatapathFixture _datapath;
    private readonly DatapathMaps _maps;
    private readonly EventSwitch _events;
    private readonly EndpointEntries _entries;
    private readonly PolicyTables _tables;
    private readonly Dictionary<EndpointId, Identity> _endpoints = [];

    public PolicyNode(DatapathFixture datapath, PolicyOptions? options = null, TimeProvider? clock = null)
    {
        _datapath = datapath;
        Engine = new PolicyEngine(options);
        _maps = DatapathMaps.Take(name => BpfMap.OpenById(datapath.Programs.Map(name).Id));
        _events = new EventSwitch(_maps);
        _entries = new EndpointEntries(_maps, _events);
        _tables = new PolicyTables(_maps, _entries, clock ?? TimeProvider.System);
        datapath.Runtime.Events |= EventMask.Policy;
    }

    public PolicyEngine Engine { get; }

    public int RuleCount => _maps.PolicyRules.Entries().Count();

    /// <summary>Web, Cache and Db with the labels that tests speak of, all in namespace shop.</summary>
    public static PolicyNode Shop(DatapathFixture datapath, PolicyOptions? options = null, TimeProvider? clock = null)
    {
        PolicyNode node = new(datapath, options, clock);
        node.Put(Pod.Web, "web");
        node.Put(Pod.Cache, "cache");
        node.Engine.PutIdentity(new Identity(Pod.Db.Identity), Labels("db"));
        return node;
    }

    /// <summary>Makes a pod of this node an endpoint under policy.</summary>
    public void Put(Pod pod, string app) => Put(pod, new Identity(pod.Identity), Labels(app));

    /// <summary>Puts the node itself under policy, as an agent with a host firewall does.</summary>
    public void PutHost()
    {
        EndpointId id = new(Node.HostEndpoint);
        Engine.PutIdentity(Identity.Host, LabelSet.Create([Label.Reserved("host"), Label.Create("k8s", "kubernetes.io/hostname", "bpf1")]));
        Engine.AddSubject(Identity.Host);
        _endpoints[id] = Identity.Host;
        foreach (string address in new[] { Node.East, Node.East6, Node.Router, Node.Router6 })
        {
            _entries.PutHost(IPAddress.Parse(address), id);
        }
    }

    public void Put(Pod pod, Identity identity, LabelSet labels)
    {
        EndpointId id = new(pod.Id);
        if (_endpoints.TryGetValue(id, out Identity before) && before != identity)
        {
            Engine.RemoveSubject(before);
        }

        Engine.PutIdentity(identity, labels);
        Engine.AddSubject(identity);
        _endpoints[id] = identity;
        _entries.Put(new EndpointRecord
        {
            Id = id,
            ContainerId = pod.Address,
            ContainerInterface = "eth0",
            NetnsPath = "",
            HostInterface = "lxc",
            HostIfindex = (int)pod.IfIndex,
            Mac = Mac(pod.Mac),
            HostMac = Mac(pod.NodeMac),
            IPv4 = IPAddress.Parse(pod.Address),
            IPv6 = IPAddress.Parse(pod.Address6),
            Labels = labels,
            Identity = identity,
        });
    }

    /// <summary>Puts the policies of a text, in namespace shop where they name none.</summary>
    public void Apply(string yaml)
    {
        foreach (PolicyDocument document in PolicyReader.Parse(yaml, "test").Policies)
        {
            Engine.PutPolicy(document);
        }

        Resolve();
    }

    /// <summary>As an agent does it: what changed, and whom it concerns; then the prefixes.</summary>
    public void Resolve(bool alwaysSwap = false)
    {
        PolicyChanges changes = Engine.Resolve();
        var behind = _endpoints.Where(endpoint => _tables.TableOf(endpoint.Key) != Engine.TableOf(endpoint.Value))
            .GroupBy(endpoint => Engine.TableOf(endpoint.Value), endpoint => endpoint.Key);
        _tables.Put(
            [.. behind.Select(group => alwaysSwap
                ? new PolicyTableUpdate(group.Key, [.. group])
                : PolicyTableUpdate.Of(group.Key, [.. group], changes))],
            s_noHeirs);
        foreach (CidrIdentity prefix in changes.AddedPrefixes)
        {
            _datapath.Learn(prefix.Prefix.BaseAddress.ToString(), prefix.Identity.Value, node: null, (uint)prefix.Prefix.PrefixLength);
        }

        foreach (CidrIdentity prefix in changes.RemovedPrefixes)
        {
            if (prefix.Prefix.PrefixLength == 0)
            {
                _datapath.Learn(prefix.Prefix.BaseAddress.ToString(), Identity.World.Value, node: null, 0);
            }
            else
            {
                _datapath.Unlearn(prefix.Prefix);
            }
        }
    }

    public void Audit(Pod pod, bool isAudited) => _entries.SetAudit(new EndpointId(pod.Id), isAudited);

    public PolicyDecision Decide(Pod subject, TrafficDirection direction, Identity peer, byte protocol, ushort port) =>
        Engine.TableOf(_endpoints[new EndpointId(subject.Id)]).Lookup(direction, peer, protocol, port);

    public void Dispose()
    {
        foreach (EndpointId id in _endpoints.Keys)
        {
            _tables.Remove(id);
        }

        _tables.RemoveStale();
        _maps.PolicyRules.DeleteWhere(static (_, _) => true);
        _tables.Dispose();
        _events.Dispose();
        _maps.Dispose();
    }

    private static MacAddress Mac(string text) => MacAddress.TryParse(text, out MacAddress mac, out string? error) ? mac : throw new ArgumentException(error);

    private static LabelSet Labels(string app) => LabelSet.Create(
        [Label.Create("k8s", "app", app), Label.Create("k8s", "io.kubernetes.pod.namespace", "shop")]);
}
