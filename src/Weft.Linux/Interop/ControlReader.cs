using System.Runtime.InteropServices;

namespace Weft.Linux.Interop;

/// <summary>Walks the control messages of recvmsg(2), and stops at one whose length cannot be.</summary>
internal ref struct ControlReader
{
    private ReadOnlySpan<byte> _rest;

    public ControlReader(ReadOnlySpan<byte> control) => _rest = control;

    public bool TryRead(out LibC.ControlHeader header, out ReadOnlySpan<byte> data)
    {
        data = default;
        int headerSize = Marshal.SizeOf<LibC.ControlHeader>();
        if (!MemoryMarshal.TryRead(_rest, out header) || header.Length < (nuint)headerSize || header.Length > (nuint)_rest.Length)
        {
            return false;
        }

        data = _rest[headerSize..(int)header.Length];
        int aligned = ((int)header.Length + sizeof(ulong) - 1) & ~(sizeof(ulong) - 1);
        _rest = _rest[Math.Min(aligned, _rest.Length)..];
        return true;
    }
}
