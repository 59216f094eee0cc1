using System.Runtime.InteropServices;

namespace Weft.Linux.Interop;

internal static partial class LibC
{
    /// <summary>Sets the CPUs that a thread may run on (pid 0: the calling thread); <paramref name="mask"/> is a bitmap, lowest CPU first.</summary>
    [LibraryImport(Library, EntryPoint = "sched_setaffinity", SetLastError = true)]
    public static partial int SchedSetAffinity(int pid, nuint bytes, ReadOnlySpan<byte> mask);
}
