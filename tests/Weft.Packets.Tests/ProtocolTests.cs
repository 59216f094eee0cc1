using System.Buffers;
using System.Text;
using Weft.Packets.Build;
using Weft.Packets.Text;
using Weft.Tests.Shared;

namespace Weft.Packets.Tests;

/// <summary>Protocols as a monitor shows them, of packets that another program made.</summary>
public class ProtocolTests
{
    public static TheoryData<string> Names => [.. ProtocolPackets.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_length_of_a_packet_can_be_described(string name) => Fuzz.EveryTruncation(ProtocolPackets.All[name], Describe);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_damaged_packet_can_be_described(string name) => Fuzz.Mutations(ProtocolPackets.All[name], Describe, count: 1000);

    [Fact]
    public void Packets_print_as_recorded()
    {
        StringBuilder text = new();
        foreach ((string name, byte[] packet) in ProtocolPackets.All)
        {
            text.Append(name).Append(": ").Append(Summary(packet)).Append('\n').Append(Layers(packet)).Append('\n');
        }

        Golden.Matches("protocols.txt", text.ToString());
    }

    [Theory]
    [InlineData("dns query", 60, "10.0.1.180:40000 -> 10.0.0.23:53 udp dns query name www.e [cut]")]
    [InlineData("tls client hello", 120, "10.0.1.180:40000 -> 10.0.0.23:443 tcp ACK tls ClientHello, TLS 1.2 [cut]")]
    [InlineData("http request", 66, "10.0.1.180:40000 -> 10.0.0.23:80 tcp ACK http GET /index.h [cut]")]
    [InlineData("dhcp discover", 256, "0.0.0.0:68 -> 255.255.255.255:67 udp dhcpv4 request client 02:00:00:00:00:01 xid 0x1234 [cut]")]
    public void What_was_not_captured_is_not_guessed(string name, int captured, string expected) =>
        Assert.Equal(expected, Summary(ProtocolPackets.All[name][..captured]));

    [Fact]
    public void A_hello_that_goes_on_in_the_next_segment_is_not_called_cut()
    {
        byte[] whole = ProtocolPackets.All["http request"];
        byte[] segment = new PacketBuilder().Ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").IPv4("10.0.0.1", "10.0.0.2")
            .Tcp(1, 80, TcpFlags.Ack).Payload(whole.AsSpan(54, 10).ToArray()).ToArray();

        Assert.Equal("10.0.0.1:1 -> 10.0.0.2:80 tcp ACK http GET /index [goes on]", Summary(segment));
    }

    [Fact]
    public void A_name_that_points_to_itself_ends()
    {
        byte[] message = [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 1, 0, 1];

        Assert.Equal("10.0.0.1:1 -> 10.0.0.2:53 udp dns query A  [malformed]", Summary(Dns(message)));
    }

    [Fact]
    public void Names_that_point_backwards_through_each_other_end()
    {
        // a label and a pointer to the name before it, over and over
        List<byte> message = [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        int target = message.Count;
        message.AddRange([1, (byte)'a', 0]);
        for (int i = 0; i < 120; i++)
        {
            int here = message.Count;
            message.AddRange([1, (byte)'b', (byte)(0xc0 | target >> 8), (byte)target]);
            target = here;
        }

        ArrayBufferWriter<byte> text = new();

        Assert.True(DnsName.TryWrite(message.ToArray(), target, new Utf8Output(text)));
        Assert.Equal(241, text.WrittenCount);
    }

    [Fact]
    public void A_terminal_does_not_obey_what_a_packet_says() => Assert.Equal(
        "10.0.0.1:1 -> 10.0.0.2:80 tcp ACK http GET /\\x1b[31m\\x5cx HTTP/1.1",
        Summary(new PacketBuilder().Ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").IPv4("10.0.0.1", "10.0.0.2")
            .Tcp(1, 80, TcpFlags.Ack).Payload("GET /\e[31m\\x HTTP/1.1\r\n"u8.ToArray()).ToArray()));

    [Fact]
    public void Describing_a_packet_takes_no_memory()
    {
        ArrayBufferWriter<byte> output = new(64 * 1024);
        foreach (byte[] packet in ProtocolPackets.All.Values)
        {
            Write();
            long before = GC.GetAllocatedBytesForCurrentThread();
            Write();
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

            void Write()
            {
                output.ResetWrittenCount();
                PacketSummary.Write(new LayerReader(packet), new Utf8Output(output));
                LayerText.WriteAll(new LayerReader(packet), new Utf8Output(output));
            }
        }
    }

    private static byte[] Dns(byte[] message) => new PacketBuilder().Ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
        .IPv4("10.0.0.1", "10.0.0.2").Udp(1, 53).Payload(message).ToArray();

    private static string Summary(byte[] packet)
    {
        ArrayBufferWriter<byte> output = new();
        PacketSummary.Write(new LayerReader(packet), new Utf8Output(output));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    internal static string Layers(byte[] packet)
    {
        ArrayBufferWriter<byte> output = new();
        LayerText.WriteAll(new LayerReader(packet), new Utf8Output(output));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static void Describe(byte[] bytes)
    {
        ArrayBufferWriter<byte> output = new();
        foreach (LayerKind first in new[] { LayerKind.Ethernet, LayerKind.IPv4, LayerKind.IPv6 })
        {
            PacketSummary.Write(new LayerReader(bytes, first), new Utf8Output(output));
            LayerText.WriteAll(new LayerReader(bytes, first), new Utf8Output(output));
        }

        Assert.DoesNotContain((byte)0x1b, output.WrittenSpan.ToArray());
    }
}
