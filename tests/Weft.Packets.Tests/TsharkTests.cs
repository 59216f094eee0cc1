using System.Buffers.Binary;
using Weft.Tests.Shared;

namespace Weft.Packets.Tests;

/// <summary>Fields as tshark reads them from the same bytes: whether they are right is not for this code to say.</summary>
public class TsharkTests
{
    /// <summary>A packet, a field of tshark, and where the same value stands in the lines of <c>-vv</c>.</summary>
    private static readonly (string Packet, string Field, string Line)[] s_rows =
    [
        ("dns query", "dns.qry.name", "Questions=[{0} AAAA]"),
        ("dns query", "dns.count.queries", "QDCount={0} "),
        ("dns answer", "dns.cname", "60 CNAME {0}, "),
        ("dns answer", "dns.a", "30 A {0}]"),
        ("dns answer", "dns.count.answers", "ANCount={0} "),
        ("dns srv", "dns.srv.port", ":{0}]"),
        ("dns srv", "dns.srv.target", "SRV {0}:"),
        ("dns over tcp", "dns.qry.name", "Questions=[{0} A]"),
        ("mdns", "dns.qry.name", "Questions=[{0} PTR]"),
        ("dhcp discover", "dhcp.option.requested_ip_address", "50:{0}, "),
        ("dhcp discover", "dhcp.hw.mac_addr", "ClientHWAddr={0} "),
        ("dhcp ack", "dhcp.ip.your", "YourClientIP={0} "),
        ("dhcp ack", "dhcp.option.dhcp_server_id", "54:{0}, "),
        ("dhcpv6 solicit", "dhcpv6.xid", "TransactionID={0} "),
        ("ntp client", "ntp.flags.mode", "Mode={0} "),
        ("ntp server", "ntp.stratum", "Stratum={0} "),
        ("http request", "http.host", "Host={0}}}"),
        ("http response", "http.response.code", "HTTP/1.1 {0} "),
        ("tls client hello", "tls.handshake.extensions_server_name", "ServerName={0} "),
        ("tls client hello", "tls.handshake.extensions_alpn_str", "ALPN=[{0}]"),
        ("tls server hello", "tls.handshake.ciphersuite", "CipherSuite={0} "),
        ("tls server hello", "tls.handshake.extensions.supported_version", "Handshake=ServerHello Version={0} "),
        ("quic initial", "quic.dcid", "DestinationConnectionID={0} "),
        ("quic initial", "quic.scid", "SourceConnectionID={0}}}"),
        ("igmp query", "igmp.max_resp", "MaxResponseTime={0} "),
        ("igmp report", "igmp.maddr", "GroupAddress={0}}}"),
        ("igmp v3 report", "igmp.maddr", "FirstGroupAddress={0}}}"),
        ("igmp v3 report", "igmp.record_type", "FirstRecordType={0} "),
        ("mld report", "icmpv6.mld.multicast_address", "MulticastAddress={0}}}"),
        ("mld query", "icmpv6.mld.multicast_address", "MulticastAddress={0}}}"),
        ("neighbour solicitation", "icmpv6.nd.ns.target_address", "TargetAddress={0}}}"),
        ("gre", "gre.key", "Key={0} "),
        ("gre", "gre.sequence_number", "Seq={0}}}"),
        ("gre", "udp.dstport", "DstPort={0} "),
        ("gre ethernet", "icmp.seq", "Seq={0}}}"),
        ("ipip", "ip.dst", "DstIP={0} "),
        ("6in4", "ipv6.dst", "DstIP={0}}}"),
        ("geneve", "geneve.vni", "VNI={0}}}"),
        ("vxlan", "vxlan.vni", "VNI={0} "),
        ("vxlan", "dns.qry.name", "Questions=[{0} A]"),
        ("esp", "esp.spi", "SPI={0} "),
        ("esp", "esp.sequence", "Seq={0}}}"),
        ("ah", "ah.spi", "SPI={0} "),
        ("ah", "ah.sequence", "Seq={0}}}"),
        ("vlan", "vlan.id", "VLANIdentifier={0} "),
        ("vlan", "vlan.priority", "Priority={0} "),
        ("qinq", "vlan.id", "VLANIdentifier={0} "),
    ];

    [Fact]
    public void Tshark_reads_the_same_from_the_same_bytes()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/tshark"), "tshark is not installed (apt-get install tshark)");
        string[] fields = [.. s_rows.Select(row => row.Field).Distinct()];
        string capture = Path.GetTempFileName();
        try
        {
            WriteCapture(capture);
            string[] lines = Tool.Run(
                "/usr/bin/tshark", ["-r", capture, "-n", "-T", "fields", .. fields.SelectMany(field => (string[])["-e", field])]).TrimEnd('\n').Split('\n');
            string[] names = [.. ProtocolPackets.All.Keys];
            foreach ((string packet, string field, string line) in s_rows)
            {
                string value = lines[Array.IndexOf(names, packet)].Split('\t')[Array.IndexOf(fields, field)];
                Assert.True(value.Length > 0, $"tshark has no {field} of '{packet}'");
                Assert.Contains(string.Format(System.Globalization.CultureInfo.InvariantCulture, line, ValueOf(field, value)), ProtocolTests.Layers(ProtocolPackets.All[packet]), StringComparison.Ordinal);
            }
        }
        finally
        {
            File.Delete(capture);
        }
    }

    /// <summary>Of a header that occurs twice, the inner one; numbers as the lines have them.</summary>
    private static string ValueOf(string field, string value) => field switch
    {
        "tls.handshake.extensions_alpn_str" => value,
        "geneve.vni" or "gre.key" => $"{Convert.ToUInt32(value, value.StartsWith("0x", StringComparison.Ordinal) ? 16 : 10)}",
        _ => value.Split(',')[^1],
    };

    private static void WriteCapture(string path)
    {
        const uint magic = 0xa1b2c3d4;
        const uint ethernet = 1;
        using FileStream file = File.Create(path);
        Write(file, magic, 2 | (4 << 16), 0, 0, ushort.MaxValue, ethernet);
        foreach (byte[] packet in ProtocolPackets.All.Values)
        {
            Write(file, 0, 0, (uint)packet.Length, (uint)packet.Length);
            file.Write(packet);
        }
    }

    private static void Write(FileStream file, params ReadOnlySpan<uint> values)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (uint value in values)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
            file.Write(bytes);
        }
    }
}
