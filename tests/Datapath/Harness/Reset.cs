using Weft.Packets;

namespace Datapath.Harness;

/// <summary>The TCP reset that RFC 9293 section 3.10.7.1 asks for where nobody has the connection.</summary>
internal static class Reset
{
    public static byte[] Of(Segment packet)
    {
        bool acknowledges = packet.Flags.HasFlag(TcpFlags.Ack);
        uint length = (uint)packet.Payload + (packet.Flags.HasFlag(TcpFlags.Syn) ? 1u : 0) + (packet.Flags.HasFlag(TcpFlags.Fin) ? 1u : 0);
        Segment reset = packet.Answer() with
        {
            FromMac = packet.ToMac,
            ToMac = packet.FromMac,
            Flags = acknowledges ? TcpFlags.Rst : TcpFlags.Rst | TcpFlags.Ack,
            Sequence = acknowledges ? packet.Acknowledgment : 0,
            Acknowledgment = acknowledges ? 0 : packet.Sequence + length,
            Window = 0,
            Id = 0,
            Payload = 0,
        };
        return reset.ToArray();
    }
}
