using Weft.Lab.Nodes;
using Weft.Lab.Programs;
using Weft.Linux.Packets;
using Weft.Netlink;

namespace EndToEnd.Harness;

/// <summary>Records what passes ens3 of a node, from its creation on.</summary>
internal sealed class OverlayCapture : IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    private readonly PacketSocket _socket;
    private readonly byte[] _frame = new byte[65536];

    public OverlayCapture(LabMember node)
    {
        _socket = node.Run(() =>
        {
            using RtNetlink netlink = RtNetlink.Open();
            return PacketSocket.Open(netlink.Links.Get(UnderlayNetwork.NodeDevice).Index);
        });
    }

    /// <summary>The next packet of the overlay that fits; fails if none comes.</summary>
    public OverlayPacket Next(Func<OverlayPacket, bool> fits)
    {
        List<OverlayPacket> others = [];
        while (_socket.TryReceive(_frame, s_deadline, out PacketInfo info))
        {
            if (OverlayPacket.Parse(_frame.AsSpan(0, info.CapturedLength)) is not { } packet)
            {
                continue;
            }

            if (fits(packet))
            {
                return packet;
            }

            others.Add(packet);
        }

        throw new InvalidOperationException($"no such packet passed ens3 within {s_deadline.TotalSeconds} s; others: {string.Join("; ", others)}");
    }

    public void Dispose() => _socket.Dispose();
}
