using System.Runtime.InteropServices;
using Weft.Linux;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Tests;

/// <summary>The other end of a netlink socket: answers each request with the next of the datagrams that a test has laid down.</summary>
/// <remarks>All answers lie in the socket before the request is sent: sequence numbers are known, as they count from 1.</remarks>
internal sealed class FakeKernel : IDisposable
{
    private readonly RawSocket _kernel;

    public FakeKernel()
    {
        (RawSocket client, _kernel) = RawSocket.CreatePair();
        Client = new NetlinkSocket(client, TimeSpan.FromMilliseconds(50));
    }

    public NetlinkSocket Client { get; }

    public void Answers(params byte[][] datagrams)
    {
        foreach (byte[] datagram in datagrams)
        {
            Assert.Equal(Errno.None, _kernel.Send(datagram));
        }
    }

    /// <summary>One message: header and payload.</summary>
    public static byte[] Message(ushort type, uint sequence, ReadOnlySpan<byte> payload, ushort flags = 0)
    {
        NetlinkHeader header = new()
        {
            Length = (uint)(NetlinkHeader.Size + payload.Length),
            Type = type,
            Flags = flags,
            Sequence = sequence,
        };
        return [.. MemoryMarshal.AsBytes(new ReadOnlySpan<NetlinkHeader>(in header)), .. payload];
    }

    public static byte[] Object(uint sequence, int value, ushort flags = NetlinkH.NLM_F_MULTI) =>
        Message(RtNetlinkH.RTM_NEWLINK, sequence, BitConverter.GetBytes(value), flags);

    public static byte[] Done(uint sequence, int error = 0, ushort flags = NetlinkH.NLM_F_MULTI) =>
        Message(NetlinkH.NLMSG_DONE, sequence, BitConverter.GetBytes(error), flags);

    /// <summary>An acknowledgement or an error, with the request quoted, and attributes after it.</summary>
    public static byte[] Error(uint sequence, int error, ReadOnlySpan<byte> request, params byte[] extended) =>
        Message(
            NetlinkH.NLMSG_ERROR,
            sequence,
            [.. BitConverter.GetBytes(error), .. request, .. extended],
            extended.Length > 0 ? NetlinkH.NLM_F_ACK_TLVS : (ushort)0);

    public void Dispose()
    {
        Client.Dispose();
        _kernel.Dispose();
    }
}
