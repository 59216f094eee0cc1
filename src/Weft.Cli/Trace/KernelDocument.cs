using System.Globalization;
using System.Text.Json.Serialization;
using Weft.Abi;
using Weft.Events.Hops;

namespace Weft.Cli.Trace;

/// <summary>A packet at one place, as JSON; named as pwru names it where that knows of it.</summary>
internal sealed record KernelDocument(
    [property: JsonPropertyName("time_ns")] ulong Time,
    [property: JsonPropertyName("node")] string Node,
    [property: JsonPropertyName("skb")] string? Skb,
    [property: JsonPropertyName("cpu")] int Cpu,
    [property: JsonPropertyName("process")] string? Process,
    [property: JsonPropertyName("netns")] string? Netns,
    [property: JsonPropertyName("netns_inode")] uint? NetnsInode,
    [property: JsonPropertyName("mark")] uint? Mark,
    [property: JsonPropertyName("iface")] string? Device,
    [property: JsonPropertyName("len")] uint? Length,
    [property: JsonPropertyName("tuple")] KernelDocument.TupleDocument? Tuple,
    [property: JsonPropertyName("vni")] uint? Vni,
    [property: JsonPropertyName("point")] string Point,
    [property: JsonPropertyName("func")] string Function,
    [property: JsonPropertyName("drop_reason")] string? DropReason,
    [property: JsonPropertyName("fields")] KernelDocument.FieldsDocument? Fields,
    [property: JsonPropertyName("stack")] IReadOnlyList<string>? Stack)
{
    public static KernelDocument Of(Sighting seen, string function, KernelOptions options) => new(
        seen.Time, seen.Node, seen.Skb == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"0x{seen.Skb:x}"), seen.Cpu, seen.Process,
        options.Meta ? seen.Namespace is { Length: 0 } ? "node" : seen.Namespace : null, options.Meta && seen.NamespaceInode != 0 ? seen.NamespaceInode : null,
        options.Meta ? seen.Mark : null, options.Meta ? seen.Device ?? seen.Program?.Device : null, options.Meta ? seen.Length : null,
        options.Tuple && seen.Facts.Flow is { } flow ? TupleDocument.Of(flow, seen.Facts) : null, options.Tuple ? seen.Facts.Vni : null,
        seen.Point?.ToString().ToLowerInvariant() ?? "program", function, seen.KernelReason ?? seen.Program?.Drop?.ToString(),
        options.Skb && seen.Fields is { } fields ? FieldsDocument.Of(fields, seen.SegmentSize) : null, options.Stack && seen.Stack.Count > 0 ? seen.Stack : null);

    internal sealed record TupleDocument(
        [property: JsonPropertyName("saddr")] string Source,
        [property: JsonPropertyName("daddr")] string Destination,
        [property: JsonPropertyName("sport")] int SourcePort,
        [property: JsonPropertyName("dport")] int DestinationPort,
        [property: JsonPropertyName("proto")] int Protocol,
        [property: JsonPropertyName("summary")] string Summary)
    {
        public static TupleDocument Of(FlowKey flow, PacketFacts facts) =>
            new(flow.Source.ToString(), flow.Destination.ToString(), flow.SourcePort, flow.DestinationPort, (int)flow.Protocol, facts.ToString());
    }

    internal sealed record FieldsDocument(
        [property: JsonPropertyName("data_len")] uint DataLen,
        [property: JsonPropertyName("protocol")] int Protocol,
        [property: JsonPropertyName("hash")] uint Hash,
        [property: JsonPropertyName("priority")] uint Priority,
        [property: JsonPropertyName("queue_mapping")] int QueueMapping,
        [property: JsonPropertyName("ip_summed")] string IpSummed,
        [property: JsonPropertyName("pkt_type")] string PktType,
        [property: JsonPropertyName("vlan")] string? Vlan,
        [property: JsonPropertyName("users")] uint Users,
        [property: JsonPropertyName("cloned")] bool Cloned,
        [property: JsonPropertyName("truesize")] uint Truesize,
        [property: JsonPropertyName("gso_size")] int GsoSize,
        [property: JsonPropertyName("tstamp")] long Tstamp)
    {
        public static FieldsDocument Of(HopSkb fields, int segmentSize) => new(
            fields.DataLen, fields.Protocol.Value, fields.Hash, fields.Priority, fields.QueueMapping, KernelSkb.ChecksumOf(fields), KernelSkb.TypeOf(fields),
            KernelSkb.VlanOf(fields), fields.Users, fields.Cloned != 0, fields.Truesize, segmentSize, fields.Tstamp);
    }
}
