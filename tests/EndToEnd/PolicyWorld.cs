using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using EndToEnd.Harness;
using Weft.Api;
using Weft.Api.Endpoints;
using Weft.Policy.Tests.Oracle;

namespace EndToEnd;

/// <summary>Pods, namespaces, services and policies of a lab, by chance, and changes to them by the API of a node.</summary>
internal sealed class PolicyWorld(RealLab lab, Random random)
{
    private const int PodsPerSpace = 3;

    private static readonly string[] s_spaces = ["a", "b", "c"];
    private static readonly string[] s_nodes = ["bpf1", "bpf2"];

    private readonly RandomWorld _world = new(random);
    private readonly Dictionary<string, RawPeer> _pods = [];
    private readonly Dictionary<string, (string Node, string Id)> _endpoints = [];

    public IEnumerable<string> PodNames => _pods.Keys;

    /// <summary>So many times a policy was written.</summary>
    public int Applied { get; private set; }

    /// <summary>Of what is there now, apart from what happens next.</summary>
    public NaiveVerdicts Oracle => new([.. _world.Policies.Values], _world.Namespaces.ToDictionary(), [.. _world.Services.Values]);

    public string Topology()
    {
        StringBuilder text = new("""
            underlay: 192.168.2.0/24
            underlay6: fd00:c0a8:2::/64
            nodes:
              - { name: bpf1, address: 192.168.2.61, address6: "fd00:c0a8:2::61", podCIDR: 10.0.1.0/24, podCIDR6: "fd00:10:0:1::/64" }
              - { name: bpf2, address: 192.168.2.62, address6: "fd00:c0a8:2::62", podCIDR: 10.0.0.0/24, podCIDR6: "fd00:10:0:0::/64" }
            pods:

            """);
        for (int i = 0; i < s_spaces.Length * PodsPerSpace; i++)
        {
            string space = s_spaces[i / PodsPerSpace];
            string name = $"{space}{i % PodsPerSpace}";
            int node = i % s_nodes.Length;
            RawPeer pod = NewLabels((uint)(300 + i), space);
            _pods.Add(name, pod);
            string labels = string.Join(", ", pod.Labels.Select(label => $"{label.Key}: \"{label.Value}\""));
            string ports = string.Join(',', pod.Ports.Select(port => string.Create(
                CultureInfo.InvariantCulture, $"{port.Name}={port.Port}/{(port.Protocol == 6 ? "TCP" : "UDP")}")));
            text.AppendLine(CultureInfo.InvariantCulture, $"  - {{ name: {name}, node: {s_nodes[node]}, namespace: {space}, address: 10.0.{1 - node}.{10 + i}, "
                + $"address6: \"fd00:10:0:{1 - node}::{10 + i}\", labels: {{ {labels} }}{(ports.Length > 0 ? $", ports: \"{ports}\"" : "")} }}");
        }

        return text.ToString();
    }

    /// <summary>Once the lab is up.</summary>
    public void FindPods()
    {
        foreach (string node in s_nodes)
        {
            using AgentClient agent = new(lab.Paths.Socket(node));
            foreach (EndpointResource endpoint in agent.GetEndpointsAsync().GetAwaiter().GetResult())
            {
                if (endpoint.Status?.ExternalIdentifiers?.K8sPodName is { } pod)
                {
                    _endpoints[pod] = (node, endpoint.Id.ToString(CultureInfo.InvariantCulture));
                }
            }
        }
    }

    public RawFlow FlowOf(Reachability.Call call) =>
        new(_pods[call.Source], _pods[call.Destination], (byte)(call.Protocol == ProtocolType.Tcp ? 6 : 17), call.Port);

    /// <summary>One and the same side denies it before and after, so no order of things lets it pass in between.</summary>
    public bool IsStopped(NaiveVerdicts before, NaiveVerdicts after, Reachability.Call call)
    {
        RawFlow flow = FlowOf(call);
        return (!before.AllowsEgress(flow) && !after.AllowsEgress(flow)) || (!before.AllowsIngress(flow) && !after.AllowsIngress(flow));
    }

    /// <summary>Decides what comes next: from here on the oracle speaks of the time after it.</summary>
    public Change Plan()
    {
        switch (random.Next(14))
        {
            case 0 when _world.Policies.Count > 2:
                RawPolicy gone = _world.Policies[Pick([.. _world.Policies.Keys])];
                _world.Policies.Remove(gone.Name);
                return new($"without {RawYaml.Of(gone)}", () => ClientAsync(agent => agent.DeletePoliciesAsync(RawYaml.Of(gone), "test")));
            case 1:
                string pod = Pick([.. _pods.Keys]);
                RawPeer changed = NewLabels(_pods[pod].Id, _pods[pod].Namespace!) with { Ports = _pods[pod].Ports };
                _pods[pod] = changed;
                return new($"labels of {pod} are {changed}", () => RelabelAsync(pod, changed), pod);
            case 2:
                string space = Pick(s_spaces);
                _world.Namespaces[space] = random.Next(4) == 0 ? [] : new() { ["env"] = Pick(["x", "y"]) };
                string document = NamespaceOf(space);
                return new($"namespace {document}", () => ClientAsync(agent => agent.PutPoliciesAsync(document, "test")));
            case 3:
                RawTargets service = new("a", Pick(["s", "t"]), new() { ["app"] = Pick(["w", "d"]) }, []);
                _world.Services[service.Name] = service;
                return new($"service {service.Name} of {service.PodLabels["app"]}", () => ApplyAsync(service));
            default:
                return Put(_world.Policy($"p{random.Next(8)}"));
        }
    }

    public override string ToString() =>
        $"pods: {string.Join(' ', _pods.Select(pod => $"{pod.Key}={pod.Value}"))}\nnamespaces: {string.Join(' ', _world.Namespaces.Select(space => $"{space.Key}={string.Join(',', space.Value)}"))}\n"
            + $"services: {string.Join(' ', _world.Services.Values.Select(service => $"{service.Name}={string.Join(',', service.PodLabels)}"))}\n"
            + string.Join('\n', _world.Policies.Values.Select(RawYaml.Of));

    private Change Put(RawPolicy policy)
    {
        string text = RawYaml.Of(policy);
        if (_world.Policies.TryGetValue(policy.Name, out RawPolicy? before) && RandomWorld.Document(before).Name != RandomWorld.Document(policy).Name)
        {
            // Of another kind or namespace: two changes, with a time between them.
            _world.Policies.Remove(policy.Name);
            return new($"without {RawYaml.Of(before)}", () => ClientAsync(agent => agent.DeletePoliciesAsync(RawYaml.Of(before), "test")));
        }

        _world.Policies[policy.Name] = policy;
        Applied++;
        return new($"with {text}", () => ClientAsync(agent => agent.PutPoliciesAsync(text, "test")));
    }

    /// <summary>Different from those of every other pod of the namespace, so that the pod has an identity of its own.</summary>
    private RawPeer NewLabels(uint id, string space)
    {
        while (true)
        {
            RawPeer pod = _world.Pod(id) with { Namespace = space };
            if (!_pods.Values.Any(other => other.Id != id && other.Namespace == space && other.Labels.OrderBy(label => label.Key).SequenceEqual(pod.Labels.OrderBy(label => label.Key))))
            {
                return pod;
            }
        }
    }

    private string NamespaceOf(string space) => new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Namespace",
        ["metadata"] = new JsonObject
        {
            ["name"] = space,
            ["labels"] = new JsonObject(_world.Namespaces[space].Select(label => KeyValuePair.Create<string, JsonNode?>(label.Key, label.Value))),
        },
    }.ToJsonString();

    private async Task ClientAsync(Func<AgentClient, Task> call)
    {
        using AgentClient agent = new(lab.Paths.Socket(Pick(s_nodes)));
        await call(agent);
    }

    private async Task RelabelAsync(string pod, RawPeer labels)
    {
        (string node, string id) = _endpoints[pod];
        using AgentClient agent = new(lab.Paths.Socket(node));
        await agent.PatchEndpointLabelsAsync(id, new LabelConfigurationSpec
        {
            User = [.. labels.Labels.Select(label => $"k8s:{label.Key}={label.Value}"), $"k8s:io.kubernetes.pod.namespace={labels.Namespace}"],
        });
    }

    private Task ApplyAsync(RawTargets service)
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, $$"""
            apiVersion: v1
            kind: Service
            metadata: { name: {{service.Name}}, namespace: {{service.Namespace}} }
            spec: { clusterIP: None, selector: { app: {{service.PodLabels["app"]}} } }
            """);
        lab.Weft("lab", "apply", "-f", file);
        File.Delete(file);
        return Task.CompletedTask;
    }

    private string Pick(string[] from) => from[random.Next(from.Length)];

    /// <summary>Something that happens to the cluster.</summary>
    /// <param name="What">For messages.</param>
    /// <param name="Relabelled">A pod whose packets go by another identity from then on.</param>
    public sealed record Change(string What, Func<Task> Apply, string? Relabelled = null)
    {
        public bool Concerns(Reachability.Call call) => call.Source == Relabelled || call.Destination == Relabelled;
    }
}
