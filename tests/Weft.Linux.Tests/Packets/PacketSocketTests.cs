using System.Text;
using Weft.Linux.Packets;
using Weft.Tests.Shared;

namespace Weft.Linux.Tests.Packets;

public sealed class PacketSocketTests : IDisposable
{
    private const ushort TestEtherType = 0x88b5; // for local experiments (IEEE 802)
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(5);
    private readonly TestNamespace _namespace = TestNamespace.Create("wire");

    public void Dispose() => _namespace.Dispose();

    [KernelFact]
    public void Frame_arrives_at_the_other_end_with_length_time_and_direction()
    {
        (IfIndex left, IfIndex right) = MakeWire();
        using PacketSocket sender = Open(left);
        using PacketSocket receiver = Open(right);
        byte[] frame = Frame("hello");
        ulong before = UnixNanoseconds();

        sender.Send(frame);

        byte[] buffer = new byte[2048];
        Assert.True(receiver.TryReceive(buffer, s_deadline, out PacketInfo info));
        Assert.Equal(frame, buffer[..info.CapturedLength]);
        Assert.Equal((frame.Length, PacketDirection.PACKET_BROADCAST, right), (info.Length, info.Direction, info.Device));
        Assert.InRange(info.Time, before - 1_000_000, UnixNanoseconds() + 1_000_000);
        Assert.False(info.IsChecksumPending);
    }

    [KernelFact]
    public void Sender_sees_its_own_frame_go_out()
    {
        (IfIndex left, _) = MakeWire();
        using PacketSocket sender = Open(left);
        using PacketSocket watcher = Open(left, new PacketSocketOptions { Filter = OnlyTestEtherType() });

        sender.Send(Frame("out"));

        Assert.True(watcher.TryReceive(new byte[2048], s_deadline, out PacketInfo info));
        Assert.Equal(PacketDirection.PACKET_OUTGOING, info.Direction);
    }

    [KernelFact]
    public void Short_buffer_tells_the_whole_length()
    {
        (IfIndex left, IfIndex right) = MakeWire();
        using PacketSocket sender = Open(left);
        using PacketSocket receiver = Open(right);
        byte[] frame = Frame("longer than the buffer");

        sender.Send(frame);

        byte[] buffer = new byte[16];
        Assert.True(receiver.TryReceive(buffer, s_deadline, out PacketInfo info));
        Assert.Equal((frame.Length, 16), (info.Length, info.CapturedLength));
        Assert.Equal(frame[..16], buffer);
    }

    [KernelFact]
    public void Filter_lets_only_its_frames_pass()
    {
        (IfIndex left, IfIndex right) = MakeWire();
        using PacketSocket sender = Open(left);
        using PacketSocket receiver = Open(right, new PacketSocketOptions { Filter = OnlyTestEtherType() });
        byte[] other = Frame("other");
        other[12] = 0x08;
        other[13] = 0x06;

        sender.Send(other);
        sender.Send(Frame("mine"));

        byte[] buffer = new byte[2048];
        Assert.True(receiver.TryReceive(buffer, s_deadline, out PacketInfo info));
        Assert.Equal("mine", Encoding.ASCII.GetString(buffer, 14, info.Length - 14));
        Assert.False(receiver.TryReceive(buffer, TimeSpan.Zero, out _));
    }

    [KernelFact]
    public void Statistics_count_and_start_again()
    {
        (IfIndex left, IfIndex right) = MakeWire();
        using PacketSocket sender = Open(left);
        using PacketSocket receiver = Open(right, new PacketSocketOptions { BufferSize = 1, Filter = OnlyTestEtherType() });
        byte[] frame = Frame(new string('x', 1000));
        for (int sent = 0; sent < 100; sent++)
        {
            sender.Send(frame);
        }

        PacketStatistics statistics = receiver.ReadStatistics();

        Assert.Equal(100u, statistics.Received);
        Assert.InRange(statistics.Dropped, 1u, 99u);
        Assert.Equal(default, receiver.ReadStatistics());
    }

    [KernelFact]
    public void Device_that_is_down_is_told()
    {
        (IfIndex left, _) = MakeWire();
        using PacketSocket sender = Open(left);
        _namespace.Exec("ip", "link", "set", "left", "down");

        LinuxException refused = Assert.Throws<LinuxException>(() => sender.Send(Frame("x")));

        Assert.Equal($"send 15 bytes on device with index {left}: Network is down (errno 100) (set the device up)", refused.Message);
    }

    [KernelFact]
    public void Unknown_device_is_refused()
    {
        LinuxException refused = Assert.Throws<LinuxException>(() => Open(new IfIndex(4711)));

        Assert.Equal(Errno.ENODEV, refused.Errno);
    }

    private PacketSocket Open(IfIndex device, PacketSocketOptions? options = null) =>
        PacketSocket.Open(device, options ?? new PacketSocketOptions { EtherType = TestEtherType }, _namespace.Handle);

    private (IfIndex Left, IfIndex Right) MakeWire()
    {
        _namespace.Exec("ip", "link", "add", "left", "up", "type", "veth", "peer", "name", "right");
        _namespace.Exec("ip", "link", "set", "right", "up");
        return (IndexOf("left"), IndexOf("right"));
    }

    private IfIndex IndexOf(string device)
    {
        string[] fields = _namespace.Exec("ip", "-o", "link", "show", "dev", device).Split(':');
        return new IfIndex(int.Parse(fields[0], System.Globalization.CultureInfo.InvariantCulture));
    }

    private static byte[] Frame(string text) =>
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, TestEtherType >> 8, TestEtherType & 0xff, .. Encoding.ASCII.GetBytes(text)];

    /// <summary>tcpdump -dd 'ether proto 0x88b5'.</summary>
    private static System.Collections.Immutable.ImmutableArray<PacketFilterInstruction> OnlyTestEtherType() =>
    [
        new(0x28, 0, 0, 12),
        new(0x15, 0, 1, TestEtherType),
        new(0x06, 0, 0, 0x40000),
        new(0x06, 0, 0, 0),
    ];

    private static ulong UnixNanoseconds() => (ulong)(DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;
}
