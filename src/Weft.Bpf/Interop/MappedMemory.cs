using Microsoft.Win32.SafeHandles;
using Weft.Linux;

namespace Weft.Bpf.Interop;

/// <summary>Memory of the kernel mapped into this process; unmapped when disposed or forgotten.</summary>
internal sealed class MappedMemory : SafeHandleMinusOneIsInvalid
{
    private readonly nuint _length;

    private MappedMemory(nint address, nuint length)
        : base(ownsHandle: true)
    {
        SetHandle(address);
        _length = length;
    }

    public nint Address => handle;

    public static MappedMemory Of(FileDescriptor fd, nuint length, bool writable, long offset, string what)
    {
        nint address = LibC.MMap(0, length, LibC.PROT_READ | (writable ? LibC.PROT_WRITE : 0), LibC.MAP_SHARED, fd, offset);
        return address != LibC.MAP_FAILED ? new MappedMemory(address, length) : throw LinuxException.FromLastError($"map the memory of {what}");
    }

    protected override bool ReleaseHandle() => LibC.MUnmap(handle, _length) == 0;
}
