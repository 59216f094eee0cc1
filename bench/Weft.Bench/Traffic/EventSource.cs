using System.Diagnostics;
using System.Net;
using Weft.Abi;
using Weft.Bpf;
using Weft.Bpf.Links;
using Weft.Datapath.Maps;
using Weft.Datapath.Pinning;
using Weft.Linux;
using Weft.Packets.Build;

namespace Weft.Bench.Traffic;

/// <summary>Makes a node's datapath tell of packets at a steady rate: its program is run on a pod's packet, which goes nowhere after.</summary>
internal sealed class EventSource : IDisposable
{
    /// <summary>Fewer than a packet's TTL: every run sees what the one before left of it.</summary>
    private const int RunsAtOnce = 32;

    /// <summary>From the pod, and to the overlay.</summary>
    private const int EventsOfRun = 2;

    private readonly NetworkNamespace _node;
    private readonly BpfProgram _program;
    private readonly byte[] _packet;
    private readonly uint _device;

    /// <param name="node">The network namespace of the node.</param>
    /// <param name="root">What its agent pinned.</param>
    /// <param name="pod">A pod of the node.</param>
    /// <param name="remote">A pod of another node.</param>
    public EventSource(NetworkNamespace node, BpfRoot root, IPAddress pod, IPAddress remote)
    {
        _node = node;
        using DatapathMaps maps = DatapathMaps.OpenPinned(root);
        EndpointValue endpoint = maps.Endpoints[WeftAddress.From(pod)];
        Endpoint = endpoint.Id;
        _device = endpoint.IfIndex;
        _packet = new PacketBuilder().Ethernet(endpoint.Mac.ToString(), endpoint.NodeMac.ToString())
            .IPv4(pod.ToString(), remote.ToString()).Udp(40000, 40001).Payload(18).ToArray();
        _program = ProgramOf(root);
    }

    /// <summary>Number of the pod's endpoint, of which all events are.</summary>
    public ushort Endpoint { get; }

    /// <summary>Makes so many events a second for a time, and returns how many there were.</summary>
    public long Run(double rate, TimeSpan time) => _node.Run(() =>
    {
        BpfTestRunOptions options = new() { Repeat = RunsAtOnce, Context = new SkBuffContext { IfIndex = _device } };
        long events = 0;
        Stopwatch watch = Stopwatch.StartNew();
        while (watch.Elapsed < time)
        {
            while (events < rate * watch.Elapsed.TotalSeconds)
            {
                _program.TestRun(_packet, options);
                events += RunsAtOnce * EventsOfRun;
            }

            Thread.Sleep(1);
        }

        return events;
    });

    public void Dispose() => _program.Dispose();

    private static BpfProgram ProgramOf(BpfRoot root)
    {
        foreach (string pin in Directory.EnumerateFiles(root.Links, "lxc*"))
        {
            using BpfLink link = BpfLink.OpenPinned(pin);
            return BpfProgram.OpenById(link.GetInfo().ProgramId);
        }

        throw new InvalidOperationException($"open the program of pods, in {root.Links}: no pod has a link yet");
    }
}
