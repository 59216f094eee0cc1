using System.Globalization;
using Weft.Abi;
using Weft.Events.Hops;

namespace Weft.Cli.Trace;

/// <summary>Words for fields of struct sk_buff.</summary>
internal static class KernelSkb
{
    // include/uapi/linux/if_packet.h, PACKET_*
    private static readonly string[] s_types = ["host", "broadcast", "multicast", "otherhost", "outgoing", "loopback", "user", "kernel"];

    // include/linux/skbuff.h, CHECKSUM_*
    private static readonly string[] s_checksums = ["none", "unnecessary", "complete", "partial"];

    public static string TypeOf(HopSkb fields) => Word(s_types, fields.PktType);

    public static string ChecksumOf(HopSkb fields) => Word(s_checksums, fields.IpSummed);

    /// <summary>Null: the packet has no tag beside it.</summary>
    public static string? VlanOf(HopSkb fields) => fields.VlanProto.Value == 0 ? null
        : string.Create(CultureInfo.InvariantCulture, $"{fields.VlanTci & 0xfff} (tci 0x{fields.VlanTci:x4}, proto 0x{fields.VlanProto.Value:x4})");

    /// <summary>One line, fields with the kernel's names.</summary>
    public static string Describe(Sighting seen, HopSkb fields) => string.Create(
        CultureInfo.InvariantCulture,
        $"len={seen.Length} data_len={fields.DataLen} protocol=0x{fields.Protocol.Value:x4} mark=0x{seen.Mark:x} hash=0x{fields.Hash:x8} priority={fields.Priority} "
        + $"queue_mapping={fields.QueueMapping} ip_summed={ChecksumOf(fields)} pkt_type={TypeOf(fields)} vlan={VlanOf(fields) ?? "none"} users={fields.Users} "
        + $"cloned={fields.Cloned} truesize={fields.Truesize} gso_size={seen.SegmentSize} tstamp={fields.Tstamp}");

    private static string Word(string[] words, int number) => number < words.Length ? words[number] : number.ToString(CultureInfo.InvariantCulture);
}
