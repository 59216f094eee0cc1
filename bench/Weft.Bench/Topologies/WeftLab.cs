using System.Diagnostics;
using System.Net;
using Weft.Bench.Traffic;
using Weft.Datapath.Pinning;
using Weft.Lab.Nodes;
using Weft.Lab.State;
using Weft.Lab.Topology;
using Weft.Linux;
using Weft.Linux.Cgroups;

namespace Weft.Bench.Topologies;

/// <summary>The default lab, brought up by the published <c>weft</c>: real agents, the datapath as shipped, events at their default.</summary>
internal sealed class WeftLab : ITopology
{
    private const string ClientPod = "cni-6vf5d";
    private const string ServerPod = "cni-j22kt";
    private const string PodBesideServer = "web-k9x2p";
    private const string OutsideHost = "client";
    private const int BackendPort = 8080;

    private static readonly IPEndPoint s_clusterIP = new(IPAddress.Parse("10.96.0.80"), 80);
    private static readonly LabTopology s_topology = TopologyReader.Default;

    private readonly string _weft;
    private readonly string _lab = $"bench{Environment.ProcessId}";
    private readonly Dictionary<string, NetworkNamespace> _namespaces = [];

    /// <param name="weft">Path of the published command line.</param>
    public WeftLab(string weft)
    {
        _weft = weft;
        Run("lab", "up", "--lab", _lab);
        try
        {
            foreach (string member in new[] { ClientPod, ServerPod, PodBesideServer, OutsideHost, Nodes[0] })
            {
                _namespaces[member] = NetworkNamespace.Open(LabNames.NetnsOf(_lab, member));
            }

            AwaitLinks();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Of the default topology.</summary>
    public static readonly string[] Nodes = ["bpf1", "bpf2"];

    public string Name => "Weft overlay";

    public PodPair Pods => To(ServerPod, from: ClientPod);

    public PodPair SameNode => To(ServerPod, from: PodBesideServer);

    public PodPair ToOutside => new(
        _namespaces[ClientPod], _namespaces[OutsideHost], s_topology.FindOutside(OutsideHost)!.Address.Address);

    /// <summary>From a pod by the cluster IP of the service that <see cref="ApplyService"/> made.</summary>
    public PodPair Service => Pods with { ServerPort = BackendPort, Front = s_clusterIP };

    /// <summary>From outside by the service's port on the node that has no backend.</summary>
    public PodPair FromOutside => To(ServerPod, from: OutsideHost) with
    {
        ServerPort = BackendPort,
        Front = new IPEndPoint(s_topology.FindNode(Nodes[0])!.Address, 30080),
    };

    /// <summary>Of the node with the pod that connects; null where there are no cgroups.</summary>
    public ControlGroup? ClientCgroup => new LabCgroups(_lab).Find(Nodes[0]);

    public LabPaths Paths => new(_lab);

    /// <summary>A service with the server pod as its only backend, ready for use when this returns.</summary>
    public void ApplyService()
    {
        string manifest = Path.GetTempFileName();
        try
        {
            File.WriteAllText(manifest, $$"""
                apiVersion: v1
                kind: Service
                metadata: { name: bench, namespace: default }
                spec:
                  type: NodePort
                  clusterIP: {{s_clusterIP.Address}}
                  ports:
                    - { name: tcp, port: {{s_clusterIP.Port}}, targetPort: {{BackendPort}}, nodePort: {{FromOutside.Front!.Port}} }
                    - { name: udp, protocol: UDP, port: {{s_clusterIP.Port}}, targetPort: {{BackendPort}}, nodePort: {{FromOutside.Front.Port}} }
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: { name: bench-1, namespace: default, labels: { kubernetes.io/service-name: bench } }
                addressType: IPv4
                endpoints: [{ addresses: ["{{AddressOf(ServerPod)}}"], nodeName: {{Nodes[1]}} }]
                ports: [{ name: tcp, port: {{BackendPort}} }, { name: udp, protocol: UDP, port: {{BackendPort}} }]
                """);
            Run("lab", "apply", "--lab", _lab, "-f", manifest);
        }
        finally
        {
            File.Delete(manifest);
        }

        Reachability.Await(Service);
        Reachability.Await(FromOutside);
    }

    /// <summary>Events of the client's pod, on its node.</summary>
    public EventSource OpenEventSource()
    {
        return new EventSource(_namespaces[Nodes[0]], new BpfRoot(Paths.BpfRoot(Nodes[0])), AddressOf(ClientPod), AddressOf(ServerPod));
    }

    /// <summary>Returns when one ping is traced over both nodes.</summary>
    public void TracePing() => Run("trace", ClientPod, ServerPod, "--lab", _lab);

    /// <summary>Follows packets of which there are none, until it is killed; returns when both nodes do.</summary>
    public Process FollowOthers()
    {
        Process trace = Process.Start(new ProcessStartInfo(_weft, ["trace", "kernel", "--lab", _lab, "host 198.51.100.77"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        return trace.StandardError.ReadLine()?.StartsWith("Following", StringComparison.Ordinal) == true
            ? trace
            : throw new InvalidOperationException("run weft trace kernel: it does not follow");
    }

    public void Dispose()
    {
        foreach (NetworkNamespace member in _namespaces.Values)
        {
            member.Dispose();
        }

        Run("lab", "down", "--lab", _lab);
    }

    private PodPair To(string server, string from) => new(_namespaces[from], _namespaces[server], AddressOf(server));

    /// <summary>Pods that live longer than some seconds have links, which is what is measured.</summary>
    private void AwaitLinks()
    {
        long began = Stopwatch.GetTimestamp();
        foreach (string node in Nodes)
        {
            string links = new BpfRoot(Paths.BpfRoot(node)).Links;
            int expected = s_topology.Pods.Count(pod => pod.Node == node);
            while (Directory.EnumerateFiles(links, "lxc*").Count(file => !Path.GetFileName(file).StartsWith("lxc_", StringComparison.Ordinal)) < expected)
            {
                if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(60))
                {
                    throw new InvalidOperationException($"wait for the links of {expected} pods, in {links}: not all of them came");
                }

                Thread.Sleep(50);
            }
        }
    }

    private static IPAddress AddressOf(string pod) =>
        s_topology.FindPod(pod)?.Address ?? throw new InvalidOperationException($"look up the address of pod {pod} in the default topology: none given");

    private void Run(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(_weft, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })
            ?? throw new InvalidOperationException($"start {_weft}: no process");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"run weft {string.Join(' ', arguments)}: exit code {process.ExitCode}: {error}{output.Result}");
        }
    }
}
