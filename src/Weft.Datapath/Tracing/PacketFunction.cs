namespace Weft.Datapath.Tracing;

/// <summary>A function of the kernel that takes a packet.</summary>
/// <param name="Address">Of its first instruction.</param>
/// <param name="Argument">Which argument the packet is, from 1.</param>
internal readonly record struct PacketFunction(string Name, ulong Address, int Argument);
