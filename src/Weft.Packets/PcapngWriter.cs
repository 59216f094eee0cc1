using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weft.Packets;

/// <summary>Writes a capture file in the format pcapng (draft-ietf-opsawg-pcapng), little-endian, times in nanoseconds.</summary>
/// <remarks>Not thread-safe. The stream stays the caller's.</remarks>
public sealed class PcapngWriter
{
    private const uint SectionHeader = 0x0a0d0d0a;
    private const uint InterfaceDescription = 1;
    private const uint NameResolution = 4;
    private const uint InterfaceStatistics = 5;
    private const uint EnhancedPacket = 6;
    private const uint ByteOrderMagic = 0x1a2b3c4d;
    private const ushort OptionEnd = 0;
    private const ushort OptionComment = 1;
    private const ushort OptionInterfaceName = 2;
    private const ushort OptionDescription = 3;
    private const ushort OptionApplication = 4;
    private const ushort OptionTimeResolution = 9;
    private const ushort OptionPacketFlags = 2;
    private const ushort OptionReceived = 4;
    private const ushort OptionDropped = 5;
    private const ushort RecordIPv4 = 1;
    private const ushort RecordIPv6 = 2;
    private const byte Nanoseconds = 9;

    private readonly Stream _output;
    private readonly ArrayBufferWriter<byte> _body = new();
    private uint _interfaces;

    /// <param name="application">What writes the file, for who opens it.</param>
    public PcapngWriter(Stream output, string application)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
        Write32(ByteOrderMagic);
        Write16(1);
        Write16(0);
        Write64(ulong.MaxValue); // the section's length is not known
        WriteOption(OptionApplication, Encoding.UTF8.GetBytes(application));
        WriteEnd();
        Flush(SectionHeader);
    }

    /// <summary>Adds an interface and returns its number, for packets.</summary>
    /// <param name="isEthernet">Frames begin with an Ethernet header; else with an IP header.</param>
    /// <param name="snapLength">Most bytes of a packet; 0: no limit.</param>
    public uint AddInterface(string name, string description, bool isEthernet, uint snapLength = 0)
    {
        Write16(isEthernet ? (ushort)1 : (ushort)101); // LINKTYPE_ETHERNET, LINKTYPE_RAW
        Write16(0);
        Write32(snapLength);
        WriteOption(OptionInterfaceName, Encoding.UTF8.GetBytes(name));
        WriteOption(OptionDescription, Encoding.UTF8.GetBytes(description));
        WriteOption(OptionTimeResolution, [Nanoseconds]);
        WriteEnd();
        Flush(InterfaceDescription);
        return _interfaces++;
    }

    /// <param name="time">Nanoseconds since 1970.</param>
    /// <param name="bytes">Those that were captured.</param>
    /// <param name="length">Bytes of the packet, captured or not.</param>
    /// <param name="comment">Shown with the packet; empty: none.</param>
    /// <param name="direction">Seen from the interface.</param>
    public void WritePacket(
        uint interfaceNumber, ulong time, ReadOnlySpan<byte> bytes, uint length, string comment = "", PcapngDirection direction = PcapngDirection.Unknown)
    {
        Write32(interfaceNumber);
        Write32((uint)(time >> 32));
        Write32((uint)time);
        Write32((uint)bytes.Length);
        Write32(Math.Max(length, (uint)bytes.Length));
        WritePadded(bytes);
        if (comment.Length > 0)
        {
            WriteOption(OptionComment, Encoding.UTF8.GetBytes(comment));
        }

        if (direction != PcapngDirection.Unknown)
        {
            WriteOption(OptionPacketFlags, (uint)direction);
        }

        if (comment.Length > 0 || direction != PcapngDirection.Unknown)
        {
            WriteEnd();
        }

        Flush(EnhancedPacket);
    }

    /// <summary>Tells names of addresses, for who opens the file.</summary>
    public void WriteNames(IEnumerable<KeyValuePair<IPAddress, string>> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        foreach ((IPAddress address, string name) in names)
        {
            byte[] record = [.. address.GetAddressBytes(), .. Encoding.UTF8.GetBytes(name), 0];
            WriteOption(address.AddressFamily == AddressFamily.InterNetworkV6 ? RecordIPv6 : RecordIPv4, record);
        }

        WriteEnd();
        Flush(NameResolution);
    }

    /// <summary>Tells, behind an interface's packets, how many there were.</summary>
    /// <param name="time">Nanoseconds since 1970, of the end.</param>
    /// <param name="received">Those that are in the file and those that are not.</param>
    /// <param name="dropped">Those that are not, for want of room.</param>
    /// <param name="comment">Empty: none.</param>
    public void WriteStatistics(uint interfaceNumber, ulong time, ulong received, ulong dropped, string comment = "")
    {
        Write32(interfaceNumber);
        Write32((uint)(time >> 32));
        Write32((uint)time);
        if (comment.Length > 0)
        {
            WriteOption(OptionComment, Encoding.UTF8.GetBytes(comment));
        }

        WriteOption(OptionReceived, received);
        WriteOption(OptionDropped, dropped);
        WriteEnd();
        Flush(InterfaceStatistics);
    }

    private void WriteOption(ushort code, uint value)
    {
        Write16(code);
        Write16(sizeof(uint));
        Write32(value);
    }

    private void WriteOption(ushort code, ulong value)
    {
        Write16(code);
        Write16(sizeof(ulong));
        Write64(value);
    }

    private void WriteOption(ushort code, ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> kept = value[..Math.Min(value.Length, ushort.MaxValue)];
        Write16(code);
        Write16((ushort)kept.Length);
        WritePadded(kept);
    }

    private void WriteEnd()
    {
        Write16(OptionEnd);
        Write16(0);
    }

    private void WritePadded(ReadOnlySpan<byte> bytes)
    {
        int padded = (bytes.Length + 3) & ~3;
        Span<byte> span = _body.GetSpan(padded)[..padded];
        span.Clear();
        bytes.CopyTo(span);
        _body.Advance(padded);
    }

    /// <summary>A block is its type, its length, its body, and its length again.</summary>
    private void Flush(uint type)
    {
        Span<byte> head = stackalloc byte[8];
        uint length = (uint)_body.WrittenCount + 12;
        BinaryPrimitives.WriteUInt32LittleEndian(head, type);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], length);
        _output.Write(head);
        _output.Write(_body.WrittenSpan);
        _output.Write(head[4..]);
        _body.ResetWrittenCount();
    }

    private void Write16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_body.GetSpan(2), value);
        _body.Advance(2);
    }

    private void Write32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_body.GetSpan(4), value);
        _body.Advance(4);
    }

    private void Write64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_body.GetSpan(8), value);
        _body.Advance(8);
    }
}
