using System.Runtime.InteropServices;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink;

/// <summary>Finds the extended acknowledgement in NLMSG_ERROR and in the NLMSG_DONE of a failed dump.</summary>
internal static class NetlinkErrors
{
    public static ExtendedAck ReadExtendedAck(NetlinkMessage message, ReadOnlySpan<byte> sent)
    {
        if ((message.Flags & NetlinkH.NLM_F_ACK_TLVS) == 0)
        {
            return ExtendedAck.None;
        }

        int start = sizeof(int);
        if (message.Type == NetlinkH.NLMSG_ERROR)
        {
            // struct nlmsgerr: the error, then the request's header, then the rest of it unless capped.
            if (message.Payload.Length < sizeof(int) + NetlinkHeader.Size)
            {
                return ExtendedAck.None;
            }

            uint quoted = (message.Flags & NetlinkH.NLM_F_CAPPED) != 0
                ? NetlinkHeader.Size
                : MemoryMarshal.Read<NetlinkHeader>(message.Payload[sizeof(int)..]).Length;
            if (quoted > message.Payload.Length - sizeof(int))
            {
                return ExtendedAck.None;
            }

            start += NetlinkAlignment.Align((int)quoted);
        }

        return start <= message.Payload.Length
            ? ExtendedAck.Parse(new NetlinkReader(message.Payload[start..]), sent)
            : ExtendedAck.None;
    }
}
