using System.Net;
using Weft.Bench.Measurements;
using Weft.Bench.Topologies;
using Weft.Bpf;
using Weft.Bpf.Maps;
using Weft.Linux;
using Weft.Model.Endpoints;
using Weft.Model.Identities;
using Weft.Packets;
using Weft.Packets.Build;

namespace Weft.Bench.Traffic;

/// <summary>Runs one of the programs that ask for policy on packets between a pod and peers of another node (BPF_PROG_TEST_RUN).</summary>
/// <remarks>
/// <c>weft_from_overlay</c> needs a packet with a tunnel key, which a program in front of it gives; how long that takes alone is taken off.
/// </remarks>
internal sealed class PolicyRuns : IDisposable
{
    /// <summary>Fewer than the TTL of <see cref="Frame"/>: every run sees what the one before left of the packet.</summary>
    private const int RunsAtOnce = 200;

    /// <summary>TC_ACT_REDIRECT.</summary>
    private const int Redirect = 7;

    private const ushort FirstPort = 1024;

    private readonly NetworkNamespace _node;
    private readonly BpfProgram _program;
    private readonly BpfTestRunOptions _once;
    private readonly Func<int, ushort, ushort, byte[]> _frame;
    private readonly Action<int> _prepare;
    private readonly BpfObject? _front;
    private readonly Func<double> _timeInFront;

    private PolicyRuns(
        NetworkNamespace node, BpfProgram program, SkBuffContext context, Func<int, ushort, ushort, byte[]> frame, Action<int> prepare,
        BpfObject? front, Func<double> timeInFront)
    {
        _node = node;
        _program = program;
        _once = new BpfTestRunOptions { Context = context };
        _frame = frame;
        _prepare = prepare;
        _front = front;
        _timeInFront = timeInFront;
    }

    public static PolicyRuns FromPod(NetworkNamespace node, BpfProgram program, EndpointRecord pod, Func<int, IPAddress> addressOf) => new(
        node, program, new SkBuffContext { IfIndex = (uint)pod.HostIfindex, IngressIfIndex = (uint)pod.HostIfindex },
        (peer, port, peersPort) => Frame($"{pod.Mac}", $"{pod.HostMac}", pod.IPv4!, addressOf(peer), port, peersPort),
        static _ => { }, front: null, static () => 0);

    public static PolicyRuns FromOverlay(
        NetworkNamespace node, BpfProgram program, EndpointRecord pod, Func<int, IPAddress> addressOf, Func<int, Identity> identityOf, IPAddress sender)
    {
        using BpfObjectSpec spec = BpfObjectSpec.Open(Resource("weft.bpf.tunnel.o"), "tunnel.o");
        BpfObject front = spec.Load();
        BpfProgram wrapper = front.Program("weft_test_decapsulated");
        BpfMap next = front.Map("weft_test_next");
        // struct weft_test_tunnel: identity, then the node that sent it.
        BpfMap<uint, ulong> tunnel = front.Map("weft_test_tunnel").As<uint, ulong>();
        ulong fromSender = (ulong)IPv4Address.From(sender).Value << 32;
        void Prepare(int peer) => tunnel.Update(0, fromSender | identityOf(peer).Value);
        byte[] FrameOf(int peer, ushort port, ushort podsPort) => Frame("02:00:00:00:00:02", $"{pod.HostMac}", addressOf(peer), pod.IPv4!, port, podsPort);
        double TimeAlone()
        {
            next.As<uint, int>().Delete(0);
            Prepare(0);
            Sample alone = new();
            byte[] frame = FrameOf(0, FirstPort, PolicyDatapath.CommonPort);
            for (int turn = 0; turn < 50; turn++)
            {
                alone.Add(wrapper.TestRun(frame, new BpfTestRunOptions { Repeat = RunsAtOnce }).DurationNanoseconds);
            }

            next.SetProgram(0, program);
            return alone.Median;
        }

        return new PolicyRuns(node, wrapper, default, FrameOf, Prepare, front, TimeAlone);
    }

    /// <summary>Nanoseconds of a packet of a flow that is known, the median of many means.</summary>
    public double Established(int packets) => Measure(() =>
    {
        Sample sample = new();
        _prepare(0);
        byte[] frame = _frame(0, FirstPort, PolicyDatapath.CommonPort);
        Run(frame, _once);
        for (int turn = 0; turn < packets / RunsAtOnce; turn++)
        {
            sample.Add(Run(frame, _once with { Repeat = RunsAtOnce }));
        }

        return sample;
    });

    /// <summary>Nanoseconds of the first packet of a flow, the median of many; there must be no flows yet.</summary>
    /// <param name="flows">How many; each packet is run once, so the kernel's clock around it counts too, some 50 ns.</param>
    /// <param name="peerOf">By number of the flow.</param>
    /// <param name="portOf">By number of the flow: the one that the flow is to.</param>
    public double First(int flows, Func<int, int> peerOf, Func<int, ushort> portOf) => Measure(() =>
    {
        Sample sample = new();
        int prepared = -1;
        for (int flow = 0; flow < flows; flow++)
        {
            int peer = peerOf(flow);
            if (peer != prepared)
            {
                _prepare(peer);
                prepared = peer;
            }

            sample.Add(Run(_frame(peer, (ushort)(FirstPort + flow), portOf(flow)), _once));
        }

        return sample;
    });

    public void Dispose() => _front?.Dispose();

    private double Measure(Func<Sample> body) => _node.Run(() =>
    {
        double before = _timeInFront();
        return body().Median - before;
    });

    private double Run(byte[] frame, BpfTestRunOptions options)
    {
        BpfTestRunResult result = _program.TestRun(frame, options);
        return result.ReturnValue == Redirect
            ? result.DurationNanoseconds
            : throw new InvalidOperationException($"run {_program.Name} on a packet that policy allows: it returned {result.ReturnValue}, not a redirect");
    }

    private static byte[] Frame(string sourceMac, string deviceMac, IPAddress source, IPAddress destination, ushort port, ushort to) => new PacketBuilder()
        .Ethernet(sourceMac, deviceMac)
        .Add(new IPv4Layer(IPv4Address.From(source), IPv4Address.From(destination)) { TimeToLive = byte.MaxValue })
        .Udp(port, to)
        .Payload(64)
        .ToArray();

    private static byte[] Resource(string name)
    {
        using Stream stream = typeof(PolicyRuns).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"open resource {name} of the bench: the build left it out");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
