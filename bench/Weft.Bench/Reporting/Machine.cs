using System.Runtime.InteropServices;

namespace Weft.Bench.Reporting;

/// <summary>What a figure was measured on; without it a number says nothing.</summary>
internal sealed record Machine(string Kernel, int Cpus, string Processor, double MemoryGiB, string Runtime)
{
    public static Machine Read() => new(
        File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        Environment.ProcessorCount,
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown",
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30), 1),
        RuntimeInformation.FrameworkDescription);
}
