using Weft.Linux.Interop;

namespace Weft.Linux;

/// <summary>Says on which CPU the calling thread runs.</summary>
public static class ThreadAffinity
{
    // The kernel's own cpumask at its largest common configuration (CONFIG_NR_CPUS=8192).
    private const int MaskBytes = 1024;

    /// <summary>Keeps the calling thread on one CPU until it ends. Only for threads that the caller made: a pool thread would stay pinned.</summary>
    /// <exception cref="LinuxException">EINVAL: the machine has no such CPU, or the process may not use it.</exception>
    public static void PinCurrentThread(int cpu)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cpu);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(cpu, MaskBytes * 8);
        Span<byte> mask = stackalloc byte[MaskBytes];
        mask.Clear();
        mask[cpu / 8] = (byte)(1 << (cpu % 8));
        if (LibC.SchedSetAffinity(0, (nuint)mask.Length, mask) < 0)
        {
            throw LinuxException.FromLastError($"keep this thread on CPU {cpu}");
        }
    }
}
