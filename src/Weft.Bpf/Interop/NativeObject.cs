using Microsoft.Win32.SafeHandles;

namespace Weft.Bpf.Interop;

/// <summary>A <c>struct bpf_object*</c>. Closing it closes libbpf's own descriptors of its maps and programs.</summary>
internal sealed class NativeObject : SafeHandleZeroOrMinusOneIsInvalid
{
    public NativeObject(nint pointer)
        : base(ownsHandle: true) => SetHandle(pointer);

    protected override bool ReleaseHandle()
    {
        LibBpf.ObjectClose(handle);
        return true;
    }
}
