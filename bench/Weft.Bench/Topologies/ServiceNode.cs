using System.Diagnostics;
using System.Globalization;
using Weft.Abi;
using Weft.Api;
using Weft.Api.Endpoints;
using Weft.Bench.Traffic;
using Weft.Bpf;
using Weft.Bpf.Links;
using Weft.Bpf.Maps;
using Weft.Datapath.Maps;
using Weft.Linux;
using Weft.Linux.Cgroups;
using Weft.Netlink;
using Weft.Netlink.Links;
using Weft.Packets;

namespace Weft.Bench.Topologies;

/// <summary>A node with a pod, whose agent was started on a store that was full of services.</summary>
internal sealed class ServiceNode : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly SingleNode _node;
    private readonly string _podName;
    private readonly List<IDisposable> _owned = [];

    public ServiceNode(string agentProgram, ServiceCluster services)
    {
        Services = services;
        _node = new SingleNode(agentProgram, $"of{services.Count}");
        _podName = $"weft-bench-of{services.Count}-{Environment.ProcessId}-pod";
        try
        {
            services.WriteAsync(_node.StoreFile, CancellationToken.None).GetAwaiter().GetResult();
            TimeToFill = StartAndFill();
            Pod = Own(NetworkNamespace.Create(_podName));
            EndpointNetworking pod = AttachPod();
            FromPod = new PacketRuns(_node.Namespace, ProgramOn(pod.InterfaceName!), new IfIndex((int)pod.InterfaceIndex),
                MacAddress.Parse(pod.Mac!), MacAddress.Parse(pod.HostMac!), IPv4Address.Parse(pod.Addressing![0].Ipv4!), ServiceCluster.ClusterIP);
            FromNetdev = UnderlayRuns();
            AwaitTranslation();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public ServiceCluster Services { get; }

    /// <summary>From the start of the agent's process until the datapath had every service.</summary>
    public TimeSpan TimeToFill { get; }

    public NetworkNamespace Pod { get; }

    public ControlGroup? Cgroup => _node.Cgroup;

    /// <summary>What the pod sends to cluster IPs.</summary>
    public PacketRuns FromPod { get; }

    /// <summary>What comes from outside for external IPs.</summary>
    public PacketRuns FromNetdev { get; }

    public void Dispose()
    {
        foreach (IDisposable owned in Enumerable.Reverse(_owned))
        {
            owned.Dispose();
        }

        NetworkNamespace.Delete(_podName);
        _node.Dispose();
    }

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    private TimeSpan StartAndFill()
    {
        long begin = Stopwatch.GetTimestamp();
        _node.StartAgent();
        using BpfMap<ServiceKey, ServiceValue> map = BpfMap.OpenPinned<ServiceKey, ServiceValue>(_node.BpfRoot.Map(DatapathMapNames.Services));
        Until("fill the datapath", () => map.Entries().Count() >= Services.Frontends);
        return Stopwatch.GetElapsedTime(begin);
    }

    private EndpointNetworking AttachPod()
    {
        using AgentClient client = new(_node.Socket);
        EndpointResource made = client.CreateEndpointAsync(new EndpointChangeRequest
        {
            ContainerId = _podName,
            K8sNamespace = "default",
            K8sPodName = "bench",
            Netns = Path.Combine(NetworkNamespace.Directory, _podName),
            Labels = ["k8s:app=bench", "k8s:io.kubernetes.pod.namespace=default"],
        }).GetAwaiter().GetResult();
        return made.Status!.Networking!;
    }

    private PacketRuns UnderlayRuns()
    {
        using RtNetlink netlink = RtNetlink.Open(_node.Namespace);
        Link device = netlink.Links.Get(SingleNode.Device);
        return new PacketRuns(_node.Namespace, ProgramOn(SingleNode.Device), device.Index, MacAddress.Parse("02:00:00:00:00:01"),
            MacAddress.Parse($"{device.Address}"), IPv4Address.Parse("203.0.113.10"), ServiceCluster.ExternalIP);
    }

    /// <summary>The one on what comes in at the device.</summary>
    private BpfProgram ProgramOn(string device)
    {
        using BpfLink link = BpfLink.OpenPinned(_node.BpfRoot.Link(device, TcDirection.Ingress));
        return Own(BpfProgram.OpenById(link.GetInfo().ProgramId));
    }

    /// <summary>The agent marks the services' addresses after it has the services themselves.</summary>
    private void AwaitTranslation()
    {
        int last = Services.Count - 1;
        Until("translate the last service", () => FromPod.Reaches(last, ServiceCluster.Backend(last)) && FromNetdev.Reaches(last, ServiceCluster.Backend(last)));
    }

    private void Until(string what, Func<bool> condition)
    {
        long begin = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(begin) > s_limit)
            {
                throw new InvalidOperationException(
                    $"{what} of {Services.Count.ToString("N0", CultureInfo.InvariantCulture)} services: not done within {s_limit.TotalSeconds} s");
            }

            Thread.Sleep(5); // the agent needs the CPU
        }
    }
}
