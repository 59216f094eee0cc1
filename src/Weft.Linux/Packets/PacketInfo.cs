namespace Weft.Linux.Packets;

/// <summary>What the kernel says about a received frame.</summary>
/// <param name="Length">Of the frame on the wire, in bytes; may exceed what was copied.</param>
/// <param name="CapturedLength">Bytes that are in the buffer.</param>
/// <param name="Time">When the kernel saw it, since 1970 UTC; .NET's own times hold 100 ns at best, so nanoseconds as they come.</param>
/// <param name="Direction">Which way it went.</param>
/// <param name="Device">Where.</param>
/// <param name="IsChecksumPending">
/// The transport checksum is not filled in: it was left to the sending device, and on a virtual wire nobody does it.
/// </param>
public readonly record struct PacketInfo(
    int Length, int CapturedLength, ulong Time, PacketDirection Direction, IfIndex Device, bool IsChecksumPending);
