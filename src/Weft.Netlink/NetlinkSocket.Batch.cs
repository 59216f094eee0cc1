using System.Runtime.InteropServices;
using Weft.Linux;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink;

public sealed partial class NetlinkSocket
{
    /// <summary>Sends messages of nfnetlink that take effect together or not at all, and waits for the acknowledgement of each.</summary>
    /// <param name="subsystem">NFNL_SUBSYS_*.</param>
    /// <param name="messages">As NetlinkWriter makes them; numbered and flagged here.</param>
    internal void ExecuteBatch(byte subsystem, IReadOnlyList<byte[]> messages, NetlinkRequest request)
    {
        lock (_gate)
        {
            uint first = _sequence + 1;
            List<byte> batch = [.. End(NfNetlinkH.NFNL_MSG_BATCH_BEGIN, subsystem)];
            foreach (byte[] message in messages)
            {
                batch.AddRange(Numbered(message, NetlinkH.NLM_F_ACK));
            }

            batch.AddRange(End(NfNetlinkH.NFNL_MSG_BATCH_END, subsystem));
            Errno errno = _socket.Send(CollectionsMarshal.AsSpan(batch));
            if (errno != Errno.None)
            {
                throw request.Failure(errno, ExtendedAck.None);
            }

            for (int left = messages.Count; left > 0;)
            {
                left -= ReceiveAcknowledgements(first, request);
            }
        }
    }

    private int ReceiveAcknowledgements(uint first, NetlinkRequest request)
    {
        int acknowledged = 0;
        NetlinkMessages answers = new(ReceiveDatagram(request));
        while (answers.TryRead(out NetlinkMessage answer))
        {
            // The kernel may quote the ends of the batch, too: for what it refuses as a whole.
            if (answer.Type == NetlinkH.NLMSG_ERROR && answer.Sequence - first <= _sequence - first)
            {
                ThrowOnError(answer, [], request);
                acknowledged++;
            }
        }

        return acknowledged;
    }

    private byte[] Numbered(byte[] message, ushort flags)
    {
        NetlinkHeader header = MemoryMarshal.Read<NetlinkHeader>(message);
        header.Flags |= flags;
        header.Sequence = ++_sequence;
        MemoryMarshal.Write(message, in header);
        return message;
    }

    private byte[] End(ushort type, byte subsystem)
    {
        NetlinkWriter writer = new(new byte[NetlinkHeader.Size + Marshal.SizeOf<NfGenMsg>()], type, 0);
        writer.PutFixed(new NfGenMsg { ResourceId = BitConverter.IsLittleEndian ? (ushort)(subsystem << 8) : subsystem });
        return Numbered(writer.Finish().ToArray(), 0);
    }
}
