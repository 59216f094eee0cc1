using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Weft.Model.Identities;
using Weft.Model.Labels;
using Weft.Model.Services;
using Weft.Policy.Documents;
using Weft.Policy.Reading;
using Weft.Policy.Resolution;

namespace Weft.Policy.Tests.Oracle;

/// <summary>Pods, namespaces, services and policies by chance, out of so few words that they meet all the time.</summary>
internal sealed class RandomWorld(Random random)
{
    private static readonly string[] s_spaces = ["a", "b", "c"];
    private static readonly string[] s_networks = ["10.1.0.0/16", "10.1.2.0/24", "10.1.2.3/32", "10.0.0.0/8", "0.0.0.0/0", "2001:db8::/32", "192.0.2.0/24", "::/0"];
    private static readonly string[] s_addresses = ["10.1.0.5", "10.1.2.3", "10.1.2.4", "10.9.0.1", "192.0.2.9", "203.0.113.7", "2001:db8::5", "fd00::1"];
    private static readonly string[] s_entities = ["all", "world", "cluster", "host", "remote-node", "health", "init", "kube-apiserver", "none"];
    private static readonly string[] s_portWords = ["80", "81", "443", "1000", "http", "dns"];
    private static readonly ushort[] s_ports = [80, 81, 443, 1000, 1003, 1500, 2048, 8080, 53, 65535];

    private static readonly RawPeer[] s_fixed =
    [
        new RawPeer { Id = 1, Reserved = ["host"] },
        new RawPeer { Id = 6, Reserved = ["remote-node"] },
        new RawPeer { Id = 7, Reserved = ["kube-apiserver", "remote-node"] },
        new RawPeer { Id = 4, Reserved = ["health"] },
        new RawPeer { Id = 5, Reserved = ["init"] },
        .. s_addresses.Select(address => new RawPeer { Address = IPAddress.Parse(address) }),
    ];

    public Dictionary<string, RawPolicy> Policies { get; } = [];

    public Dictionary<uint, RawPeer> Pods { get; } = [];

    public Dictionary<string, Dictionary<string, string>> Namespaces { get; } = [];

    public Dictionary<string, RawTargets> Services { get; } = [];

    public IEnumerable<RawPeer> Peers => s_fixed.Concat(Pods.Values);

    public NaiveVerdicts Oracle => new(Policies.Values, Namespaces, Services.Values);

    public static PolicyDocument Document(RawPolicy policy)
    {
        string text = RawYaml.Of(policy);
        return Assert.Single(PolicyReader.Parse(text, text).Policies);
    }

    /// <summary>Changes something, here and in the engine.</summary>
    public void Step(PolicyEngine engine)
    {
        switch (random.Next(12))
        {
            case 0:
                string gone = $"p{random.Next(6)}";
                if (Policies.Remove(gone, out RawPolicy? policy))
                {
                    engine.RemovePolicy(Document(policy).Name);
                }

                break;
            case 1 or 2 or 3 or 4 or 5:
                RawPolicy added = Policy($"p{random.Next(6)}");
                if (Policies.Remove(added.Name, out RawPolicy? before) && Document(before).Name != Document(added).Name)
                {
                    engine.RemovePolicy(Document(before).Name);
                }

                Policies[added.Name] = added;
                engine.PutPolicy(Document(added));
                break;
            case 6:
                uint id = (uint)random.Next(300, 312);
                if (Pods.Remove(id))
                {
                    engine.RemoveIdentity(new Identity(id));
                }

                break;
            case 7:
                string space = Pick(s_spaces);
                Namespaces[space] = random.Next(4) == 0 ? [] : new() { ["env"] = Pick(["x", "y"]) };
                Put(engine, space);
                break;
            case 8:
                RawTargets service = random.Next(2) == 0
                    ? new RawTargets("a", Pick(["s", "t"]), new() { ["app"] = Pick(["w", "d"]) }, [])
                    : new RawTargets("a", Pick(["s", "t"]), [], [Pick(s_addresses)]);
                Services[service.Name] = service;
                Put(engine, service);
                break;
            case 9 when Services.Count > 0:
                string last = Services.Keys.Last();
                Services.Remove(last);
                engine.RemoveService(ResourceName.Parse($"a/{last}"));
                break;
            default:
                RawPeer pod = Pod((uint)random.Next(300, 312));
                if (!Pods.Values.Any(other => other.Id != pod.Id && other.Namespace == pod.Namespace && other.Labels.OrderBy(l => l.Key).SequenceEqual(pod.Labels.OrderBy(l => l.Key))))
                {
                    Pods[pod.Id] = pod;
                    Put(engine, pod);
                }

                break;
        }
    }

    /// <summary>All that is there, in an engine of its own.</summary>
    public PolicyEngine Fresh(IEnumerable<Identity> subjects)
    {
        PolicyEngine engine = new();
        foreach (Identity subject in subjects)
        {
            engine.AddSubject(subject);
        }

        Pods.Values.Reverse().ToList().ForEach(pod => Put(engine, pod));
        Policies.Values.Reverse().ToList().ForEach(policy => engine.PutPolicy(Document(policy)));
        Services.Values.ToList().ForEach(service => Put(engine, service));
        Namespaces.Keys.ToList().ForEach(space => Put(engine, space));
        engine.Resolve();
        return engine;
    }

    public RawFlow Flow()
    {
        RawPeer[] peers = [.. Peers];
        byte protocol = Pick<byte>([6, 6, 17, 132, 1, 58, 47]);
        RawPeer destination = Pick(peers);
        ushort port = protocol switch
        {
            1 => Pick<ushort>([0, 8]),
            58 => Pick<ushort>([128, 1]),
            47 => 0,
            _ when destination.Ports.Count > 0 && random.Next(3) == 0 => Pick(destination.Ports).Port,
            _ => Pick(s_ports),
        };
        return new RawFlow(Pick(peers), destination, protocol, port);
    }

    public RawPeer Pod(uint id) => new()
    {
        Id = id,
        Namespace = Pick(s_spaces),
        Labels = new(s_labels.Where(_ => random.Next(3) > 0).Select(label => KeyValuePair.Create(label.Key, Pick(label.Values)))),
        Ports = random.Next(3) == 0 ? [] : [("http", 6, Pick<ushort>([80, 8080])), ("dns", Pick<byte>([6, 17]), 53)],
    };

    public RawPolicy Policy(string name)
    {
        string? space = random.Next(4) == 0 ? null : Pick(s_spaces);
        if (space is not null && random.Next(2) == 0)
        {
            return new RawPolicy
            {
                Name = name,
                Namespace = space,
                PodSelector = PodSelector(""),
                PolicyTypes = Pick<string[]?>([null, [], ["Ingress"], ["Egress"], ["Ingress", "Egress"]]),
                Ingress = Maybe(KubernetesRule),
                Egress = Maybe(KubernetesRule),
            };
        }

        return new RawPolicy { Name = name, Namespace = space, Specs = [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Spec(space))] };
    }

    private static readonly (string Key, string[] Values)[] s_labels = [("app", ["w", "d"]), ("tier", ["1", "2"]), ("canary", [""])];

    private static void Put(PolicyEngine engine, RawPeer pod) => engine.PutIdentity(
        new Identity(pod.Id),
        LabelSet.Create(pod.Labels.Select(l => Label.Create("k8s", l.Key, l.Value)).Append(Label.Create("k8s", "io.kubernetes.pod.namespace", pod.Namespace!))),
        [.. pod.Ports.Select(port => new NamedPort(port.Name, port.Protocol, port.Port))]);

    private void Put(PolicyEngine engine, string space) =>
        engine.PutNamespace(new PolicyNamespace(space, Namespaces[space].ToImmutableSortedDictionary(StringComparer.Ordinal)));

    private static void Put(PolicyEngine engine, RawTargets service) => engine.PutService(new ServiceTargets(
        ResourceName.Parse($"{service.Namespace}/{service.Name}"), ImmutableSortedDictionary<string, string>.Empty,
        service.PodLabels.ToImmutableSortedDictionary(StringComparer.Ordinal), [.. service.Addresses.Select(IPAddress.Parse)]));

    private RawKubernetesRule KubernetesRule() => new(Maybe(KubernetesPeer), Maybe(() => Port(Pick<string?>([null, "TCP", "UDP", "SCTP"]), mayBeZero: false)));

    private RawKubernetesPeer KubernetesPeer() => random.Next(4) switch
    {
        0 => new RawKubernetesPeer(null, null, Block()),
        1 => new RawKubernetesPeer(null, NamespaceSelector(""), null),
        2 => new RawKubernetesPeer(PodSelector(""), NamespaceSelector(""), null),
        _ => new RawKubernetesPeer(PodSelector(""), null, null),
    };

    private RawCiliumSpec Spec(string? space) => new()
    {
        Endpoints = space is null && random.Next(5) == 0
            ? new RawSelector([($"reserved:{Pick(["health", "init"])}", "Exists", [])]) : PodSelector(Pick(["", "k8s:", "any:"])),
        Ingress = Maybe(() => CiliumRule(isEgress: false)),
        IngressDeny = random.Next(2) == 0 ? null : Maybe(() => CiliumRule(isEgress: false)),
        Egress = Maybe(() => CiliumRule(isEgress: true)),
        EgressDeny = random.Next(2) == 0 ? null : Maybe(() => CiliumRule(isEgress: true)),
        DefaultDenyIngress = Pick<bool?>([null, null, true, false]),
        DefaultDenyEgress = Pick<bool?>([null, null, true, false]),
    };

    private RawCiliumRule CiliumRule(bool isEgress)
    {
        bool hasIcmps = random.Next(5) == 0;
        RawCiliumRule rule = new()
        {
            Ports = hasIcmps ? null : Maybe(() => Port(Pick<string?>([null, "ANY", "TCP", "UDP"]), mayBeZero: true)),
            Icmps = hasIcmps ? [("IPv4", Pick<byte>([0, 8])), (Pick(["IPv4", "IPv6"]), 128)] : null,
        };
        return random.Next(isEgress ? 7 : 6) switch
        {
            0 => rule with { Cidrs = Some(() => Pick(s_networks)) },
            1 => rule with { CidrSets = Some(Block) },
            2 => rule with { Entities = Some(() => Pick(s_entities)) },
            3 => rule,
            6 => rule with { Services = Some(() => Pick(["s", "t", "u"])) },
            _ => rule with { Endpoints = Some(CiliumSelector) },
        };
    }

    private RawSelector CiliumSelector()
    {
        List<(string, string, string[])> conditions = [.. PodSelector(Pick(["", "k8s:", "any:"])).Conditions];
        switch (random.Next(6))
        {
            case 0:
                conditions.Add(("k8s:io.kubernetes.pod.namespace", "=", [Pick(s_spaces)]));
                break;
            case 1:
                conditions.AddRange(NamespaceSelector($"{Pick(["", "k8s:"])}io.cilium.k8s.namespace.labels.").Conditions);
                break;
            case 2:
                conditions = [($"reserved:{Pick(["host", "world", "remote-node", "kube-apiserver"])}", Pick(["Exists", "DoesNotExist"]), [])];
                break;
        }

        return new RawSelector([.. conditions.DistinctBy(c => (c.Item1, c.Item2))]);
    }

    private RawSelector PodSelector(string prefix) => new([.. s_labels.Where(_ => random.Next(4) == 0).Select(label => Condition(prefix + label.Key, label.Values))]);

    private RawSelector NamespaceSelector(string prefix) => random.Next(3) switch
    {
        0 => new RawSelector([]),
        1 => new RawSelector([($"{prefix}kubernetes.io/metadata.name", "=", [Pick(s_spaces)])]),
        _ => new RawSelector([Condition($"{prefix}env", ["x", "y"])]),
    };

    private (string, string, string[]) Condition(string key, string[] values) => random.Next(6) switch
    {
        0 => (key, "In", [Pick(values)]),
        1 => (key, "NotIn", [Pick(values)]),
        2 => (key, "Exists", []),
        3 => (key, "DoesNotExist", []),
        _ => (key, "=", [Pick(values)]),
    };

    private RawPort Port(string? protocol, bool mayBeZero)
    {
        string? port = mayBeZero ? Pick([.. s_portWords, "0"]) : Pick<string?>([.. s_portWords, null]);
        bool isNumber = int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int first) && first > 0;
        return new RawPort(protocol, port, isNumber && random.Next(3) == 0 ? random.Next(first, Pick([first + 5, 2050, 65536])) : null);
    }

    private RawBlock Block()
    {
        IPNetwork network = IPNetwork.Parse(Pick(s_networks));
        string[] inside = [.. s_networks.Where(other => IPNetwork.Parse(other) is { } part
            && part.BaseAddress.AddressFamily == network.BaseAddress.AddressFamily && part.PrefixLength > network.PrefixLength && network.Contains(part.BaseAddress))];
        return new RawBlock(network.ToString(), [.. inside.Where(_ => random.Next(3) == 0)]);
    }

    /// <summary>Absent, empty, or with one to three entries.</summary>
    private List<T>? Maybe<T>(Func<T> make) => random.Next(6) switch
    {
        0 => null,
        1 => [],
        _ => Some(make),
    };

    private List<T> Some<T>(Func<T> make) => random.Next(8) == 0 ? [] : [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => make())];

    private T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];
}
