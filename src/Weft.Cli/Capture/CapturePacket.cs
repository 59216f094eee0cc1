using System.Buffers;
using System.Text;
using Weft.Events.Hops;
using Weft.Packets;
using Weft.Packets.Text;

namespace Weft.Cli.Capture;

/// <summary>Ways to look at the bytes of a packet that was seen.</summary>
internal static class CapturePacket
{
    public static DateTimeOffset TimeOf(Sighting seen) => DateTimeOffset.UnixEpoch.AddTicks((long)(seen.UnixTime / TimeSpan.NanosecondsPerTick));

    public static LayerReader LayersOf(Sighting seen)
    {
        ReadOnlySpan<byte> bytes = seen.Bytes.Span;
        LayerKind first = seen.HasEthernet ? LayerKind.Ethernet : bytes.Length > 0 && bytes[0] >> 4 == 6 ? LayerKind.IPv6 : LayerKind.IPv4;
        return new LayerReader(bytes, first, (ushort)(seen.Facts.OuterPorts?.Destination ?? VxlanHeader.LinuxPort));
    }

    /// <param name="scratch">What it holds is lost.</param>
    public static string SummaryOf(Sighting seen, ArrayBufferWriter<byte> scratch)
    {
        scratch.ResetWrittenCount();
        PacketSummary.Write(LayersOf(seen), new Utf8Output(scratch));
        return Encoding.UTF8.GetString(scratch.WrittenSpan);
    }
}
