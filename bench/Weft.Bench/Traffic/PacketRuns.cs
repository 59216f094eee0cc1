using Weft.Bench.Measurements;
using Weft.Bench.Topologies;
using Weft.Bpf;
using Weft.Linux;
using Weft.Packets;
using Weft.Packets.Build;

namespace Weft.Bench.Traffic;

/// <summary>Runs a program of a device on packets to services, without the rest of the kernel (BPF_PROG_TEST_RUN).</summary>
/// <remarks>
/// A run changes its packet, so each packet is run once: the kernel's clock around it counts too, some 50 ns, alike for all.
/// </remarks>
internal sealed class PacketRuns(
    NetworkNamespace node, BpfProgram program, IfIndex device, MacAddress sourceMac, MacAddress deviceMac, IPv4Address source, Func<int, IPv4Address> addressOf)
{
    /// <summary>From here on translation leaves a client's port as it is if it can.</summary>
    private const int FirstPort = 32768;
    private const int Ports = 65536 - FirstPort;

    /// <summary>TC_ACT_REDIRECT.</summary>
    private const int Redirect = 7;

    /// <summary>Of an IPv4 packet's destination behind an Ethernet header.</summary>
    private const int DestinationOffset = 14 + 16;

    private int _flows;

    /// <summary>Time of a run on the first packet of a flow, and on the next packet of one: medians, in nanoseconds.</summary>
    /// <remarks>Medians, because a run that an interrupt falls into takes a thousand times as long.</remarks>
    /// <param name="services">Those that get packets, in turn.</param>
    /// <param name="count">Packets of each kind.</param>
    public (double First, double Next) Measure(IReadOnlyList<int> services, int count) => node.Run(() =>
    {
        Sample first = new();
        Sample next = new();
        for (int packet = 0; packet < count; packet++)
        {
            int flow = _flows++;
            byte[] frame = Frame(services[flow % services.Count], (ushort)(FirstPort + (flow / services.Count % Ports)));
            first.Add(Run(frame).DurationNanoseconds);
            next.Add(Run(frame).DurationNanoseconds);
        }

        return (first.Median, next.Median);
    });

    /// <summary>Whether a packet to a service goes on to its backend.</summary>
    public bool Reaches(int service, IPv4Address backend) => node.Run(() =>
    {
        // A port of no flow that is measured, and another each time: what was let go untranslated once stays so.
        byte[] frame = Frame(service, (ushort)(1024 + (_flows++ % 1024)));
        BpfTestRunResult result = Invoke(frame);
        return result.ReturnValue == Redirect && IPv4Address.Read(result.Data.AsSpan(DestinationOffset)) == backend;
    });

    private BpfTestRunResult Run(byte[] frame)
    {
        BpfTestRunResult result = Invoke(frame);
        return result.ReturnValue == Redirect
            ? result
            : throw new InvalidOperationException($"run {program.Name} on a packet to a service: it returned {result.ReturnValue}, not a redirect to the backend");
    }

    private BpfTestRunResult Invoke(byte[] frame) =>
        program.TestRun(frame, new BpfTestRunOptions { Context = new SkBuffContext { IfIndex = (uint)device.Value, IngressIfIndex = (uint)device.Value } });

    private byte[] Frame(int service, ushort port) => new PacketBuilder()
        .Ethernet(sourceMac, deviceMac)
        .IPv4(source, addressOf(service))
        .Udp(port, ServiceCluster.Port)
        .Payload(64)
        .ToArray();
}
