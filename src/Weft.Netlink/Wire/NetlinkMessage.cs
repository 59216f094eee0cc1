using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Weft.Netlink.Wire;

/// <summary>One message of a datagram: its header's fields and the bytes after it. A view, valid while the datagram's buffer is.</summary>
public readonly ref struct NetlinkMessage
{
    internal NetlinkMessage(NetlinkHeader header, ReadOnlySpan<byte> payload)
    {
        Type = header.Type;
        Flags = header.Flags;
        Sequence = header.Sequence;
        Payload = payload;
    }

    /// <summary>RTM_*, or below 16 one of the NLMSG_* that netlink itself uses.</summary>
    public ushort Type { get; }

    /// <summary>NLM_F_*.</summary>
    public ushort Flags { get; }

    public uint Sequence { get; }

    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Splits the payload into its fixed struct and the attributes after it.</summary>
    /// <returns>False if the payload is shorter than the struct.</returns>
    public bool TryReadFixed<T>(out T value, out NetlinkReader attributes)
        where T : unmanaged
    {
        int size = Unsafe.SizeOf<T>();
        if (Payload.Length < size)
        {
            value = default;
            attributes = default;
            return false;
        }

        value = MemoryMarshal.Read<T>(Payload);
        int start = Math.Min(NetlinkAlignment.Align(size), Payload.Length);
        attributes = new NetlinkReader(Payload[start..]);
        return true;
    }
}
