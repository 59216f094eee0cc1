using Weft.Linux.Interop;

namespace Weft.Linux.Filters;

/// <summary>A filter expression (<see cref="PcapFilter"/>) that is asked about packets in this process.</summary>
/// <remarks>What the bytes at hand do not reach is not there: a condition about it does not hold. May be used by several threads.</remarks>
public sealed class PacketMatcher
{
    private const int InstructionSize = 8;

    private readonly byte[] _code;

    /// <exception cref="PcapFilterException">The expression is wrong, or libpcap is not installed.</exception>
    public PacketMatcher(string expression) => _code = PcapFilter.Compile(expression, fromIP: true);

    /// <param name="packet">From the IP header on, perhaps not all of it.</param>
    /// <param name="length">Bytes of the whole packet.</param>
    public unsafe bool Matches(ReadOnlySpan<byte> packet, int length)
    {
        fixed (byte* code = _code)
        fixed (byte* bytes = packet)
        {
            LibPcap.BpfProgram program = new() { Length = (uint)(_code.Length / InstructionSize), Instructions = code };
            LibPcap.PacketHeader header = new() { CapturedLength = (uint)packet.Length, Length = (uint)Math.Max(length, packet.Length) };
            return bytes != null && LibPcap.OfflineFilter(program, header, bytes) != 0;
        }
    }
}
