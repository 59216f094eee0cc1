using System.Runtime.InteropServices;

namespace Weft.Linux.Packets;

/// <summary>struct sock_filter (include/uapi/linux/filter.h): one instruction of classic BPF, as <c>tcpdump -dd</c> prints them.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct PacketFilterInstruction(ushort Code, byte JumpTrue, byte JumpFalse, uint Operand);
