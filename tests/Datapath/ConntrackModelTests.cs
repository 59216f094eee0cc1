using System.Globalization;
using Datapath.Harness;
using Weft.Abi;
using Weft.Packets;
using Weft.Tests.Shared;
using Xunit.Sdk;

namespace Datapath;

/// <summary>Random packets of a few flows, in both directions and with time passing: the datapath must agree with the model at every step.</summary>
public sealed class ConntrackModelTests(DatapathFixture datapath) : DatapathTest(datapath)
{
    private const int Rounds = 40;
    private const int Steps = 60;

    private static readonly TcpFlags[] s_flags =
    [
        TcpFlags.Syn, TcpFlags.Syn, TcpFlags.Syn | TcpFlags.Ack, TcpFlags.Ack, TcpFlags.Ack, TcpFlags.Ack | TcpFlags.Psh,
        TcpFlags.Fin | TcpFlags.Ack, TcpFlags.Rst, TcpFlags.Rst | TcpFlags.Ack, 0, TcpFlags.Syn | TcpFlags.Fin,
    ];

    /// <summary>Seconds between our two looks at the clock around the last packet: the kernel looked in one of them.</summary>
    private uint _doubt;

    [KernelFact]
    public void Random_traffic_is_tracked_as_the_model_says()
    {
        int seed = Environment.GetEnvironmentVariable("WEFT_FUZZ_SEED") is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        Random random = new(seed);
        for (int round = 0; round < Rounds; round++)
        {
            Datapath.Reset();
            ConntrackModel model = new();
            List<string> story = [];
            for (int step = 0; step < Steps; step++)
            {
                Step(random, model, story);
                Compare(model, $"repeat with WEFT_FUZZ_SEED={seed}, round {round}:\n{string.Join('\n', story)}");
            }
        }
    }

    private void Step(Random random, ConntrackModel model, List<string> story)
    {
        if (random.Next(10) == 0)
        {
            uint seconds = (uint)random.Next(1, random.Next(2) == 0 ? 80 : 9000);
            story.Add($"{seconds} s pass");
            model.Age(seconds);
            Age(Datapath.ConntrackTcp, seconds);
            Age(Datapath.ConntrackAny, seconds);
            return;
        }

        bool leaves = random.Next(2) == 0;
        (byte[] packet, ConntrackKey key, TcpFlags? flags) = RandomPacket(random, leaves);
        uint before = DatapathFixture.Now;
        ConntrackState state = Send(packet, leaves);
        _doubt = DatapathFixture.Now - before;
        ConntrackState expected = model.Packet(key, leaves, flags, packet.Length, ClockOf(model, key, state, before));
        story.Add($"{(leaves ? "sends" : "receives")} {key.Proto} {key.LocalPort}-{key.RemotePort} {flags}: {state}");
        if (state != expected)
        {
            throw new XunitException($"{string.Join('\n', story)}\nthe model says {expected}");
        }
    }

    /// <summary>The second in which the kernel looked. Only where the entry's time ran out between our two looks at the clock, the verdict says which.</summary>
    private static uint ClockOf(ConntrackModel model, ConntrackKey key, ConntrackState state, uint before)
    {
        uint after = DatapathFixture.Now;
        bool ranOut = model.Entries.TryGetValue(key, out ConntrackModel.Entry? entry) && entry.Expires >= before && entry.Expires < after;
        return ranOut && state == ConntrackState.New ? after : before;
    }

    private static (byte[] Packet, ConntrackKey Key, TcpFlags? Flags) RandomPacket(Random random, bool leaves)
    {
        ushort local = (ushort)random.Next(1, 3);
        ushort remote = (ushort)random.Next(1, 3);
        (Pod from, Pod to) = leaves ? (Pod.Web, Pod.Db) : (Pod.Db, Pod.Web);
        (ushort source, ushort destination) = leaves ? (local, remote) : (remote, local);
        switch (random.Next(4))
        {
            case 0:
                return (Frame.Udp(from, to, source, destination), Flow.Udp(Pod.Web, Pod.Db, local, remote), null);
            case 1:
                bool asks = random.Next(2) == 0;
                byte[] echo = asks ? Frame.EchoRequest(from, to, local) : Frame.EchoReply(from, to, local);
                return (echo, leaves == asks ? Flow.Echo(Pod.Web, Pod.Db, local, 0) : Flow.Echo(Pod.Web, Pod.Db, 0, local), null);
            default:
                TcpFlags flags = s_flags[random.Next(s_flags.Length)];
                return (Frame.Tcp(from, to, flags, source, destination), Flow.Tcp(Pod.Web, Pod.Db, local, remote), flags);
        }
    }

    private ConntrackState Send(byte[] packet, bool leaves) => leaves
        ? Datapath.FromPod(packet).ExpectForwarded(MetricDirection.Egress).Trace(TracePoint.ToOverlay).Reason
        : Datapath.FromOverlay(packet).ExpectForwarded(MetricDirection.Ingress).Trace(TracePoint.ToEndpoint).Reason;

    private void Compare(ConntrackModel model, string story)
    {
        Dictionary<ConntrackKey, ConntrackValue> seen = Datapath.ConntrackTcp.Entries().Concat(Datapath.ConntrackAny.Entries()).ToDictionary();
        if (!seen.Keys.ToHashSet().SetEquals(model.Entries.Keys))
        {
            throw new XunitException($"{story}\nthe model has flows {string.Join(", ", model.Entries.Keys)}, the datapath {string.Join(", ", seen.Keys)}");
        }

        foreach ((ConntrackKey key, ConntrackModel.Entry entry) in model.Entries)
        {
            string expected = Describe(entry);
            string found = Describe(seen[key]);
            if (expected != found || Math.Abs((long)entry.Expires - seen[key].Expires) > _doubt)
            {
                throw new XunitException($"{story}\n{key}\nmodel    {expected} expires {entry.Expires}\ndatapath {found} expires {seen[key].Expires}");
            }

            // The second in which the kernel looked may be the next one: take its word, which the line above has checked.
            entry.Expires = seen[key].Expires;
        }
    }

    private static string Describe(ConntrackModel.Entry entry) =>
        $"began {entry.LocalBegan} closed {entry.LocalClosed}/{entry.RemoteClosed} past {entry.PastHandshakeStart} flags {(int)entry.LocalFlags:x}/{(int)entry.RemoteFlags:x} "
        + $"sent {entry.SentPackets}/{entry.SentBytes} received {entry.ReceivedPackets}/{entry.ReceivedBytes}";

    private static string Describe(ConntrackValue entry) =>
        $"began {entry.Flags.HasFlag(ConntrackFlags.LocalBegan)} closed {entry.TxClosing == 1}/{entry.RxClosing == 1} past {entry.SeenNonSyn == 1} flags {entry.TxFlagsSeen:x}/{entry.RxFlagsSeen:x} "
        + $"sent {entry.TxPackets}/{entry.TxBytes} received {entry.RxPackets}/{entry.RxBytes}";

    private static void Age(Weft.Bpf.Maps.BpfMap<ConntrackKey, ConntrackValue> map, uint seconds)
    {
        foreach ((ConntrackKey key, ConntrackValue value) in map.Entries().ToArray())
        {
            map.Update(key, value with { Expires = value.Expires - seconds });
        }
    }
}
