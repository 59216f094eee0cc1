using System.Net;

namespace Weft.Linux.Packets;

/// <summary>What a socket tells of a datagram beside its bytes.</summary>
/// <param name="Length">More than the buffer's if it was cut.</param>
/// <param name="HopLimit">As it arrived; 0 if the kernel did not tell.</param>
public readonly record struct IPv6Datagram(int Length, IPAddress Source, int HopLimit);
