using System.Text;

namespace Weft.Bpf.Interop;

/// <summary>Zero-terminated text in kernel and libbpf memory.</summary>
internal static unsafe class ByteText
{
    public static ReadOnlySpan<byte> SliceAtZero(this ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return end < 0 ? bytes : bytes[..end];
    }

    /// <summary>Empty for a null pointer.</summary>
    public static string FromPointer(byte* text) =>
        text is null ? "" : Encoding.UTF8.GetString(System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
}
