using Weft.Bpf.Btf;
using Weft.Linux;
using Weft.Linux.Mounts;

namespace Weft.Datapath.Tracing;

/// <summary>Finds the functions of the running kernel that take a packet: from its types, its symbols, and what it says can be traced.</summary>
internal static class PacketFunctions
{
    /// <summary>More are not passed in registers (x86-64 has six, arm64 eight).</summary>
    public const int MaxArgument = 5;

    private const string BtfDirectory = "/sys/kernel/btf";
    private const string Kernel = "vmlinux";

    /// <summary>What the kernel makes of each of its tracepoints.</summary>
    private static readonly string[] s_plumbing = ["__bpf_trace_", "__probestub_", "__traceiter_", "perf_trace_", "trace_event_raw_event_"];

    /// <remarks>A name that several functions have is left out: which of them the types are of is not known.</remarks>
    public static IReadOnlyList<PacketFunction> Find(FunctionQuery query, KernelSymbols symbols)
    {
        IReadOnlyDictionary<string, ulong> addresses = symbols.UniqueAddresses();
        HashSet<string>? traceable = ReadTraceable();
        return
        [
            .. Typed(query.AllModules).Where(found => query.Names.IsMatch(found.Function) && traceable?.Contains(found.Function) != false
                    && !s_plumbing.Any(prefix => found.Function.StartsWith(prefix, StringComparison.Ordinal)))
                .DistinctBy(found => found.Function)
                .Where(found => addresses.ContainsKey(found.Function))
                .Select(found => new PacketFunction(found.Function, addresses[found.Function], found.Argument)),
        ];
    }

    private static IEnumerable<BtfFunctionArgument> Typed(bool allModules)
    {
        BtfData kernel = BtfData.Parse(File.ReadAllBytes(Path.Combine(BtfDirectory, Kernel)));
        IEnumerable<BtfFunctionArgument> found = Taking(kernel, 0);
        foreach (string module in allModules ? Directory.EnumerateFiles(BtfDirectory).Where(path => Path.GetFileName(path) != Kernel) : [])
        {
            found = found.Concat(Taking(BtfData.ParseModule(File.ReadAllBytes(module), kernel), kernel.Count - 1));
        }

        return found;
    }

    /// <remarks>Read at once: the types of a module hold a copy of the kernel's.</remarks>
    private static BtfFunctionArgument[] Taking(BtfData types, int after) => [.. types.FunctionsTaking("sk_buff", MaxArgument, after)];

    /// <summary>Null: the kernel does not say.</summary>
    private static HashSet<string>? ReadTraceable()
    {
        try
        {
            using DetachedMount tracing = DetachedMount.Open("tracefs");
            string path = Path.Combine(tracing.Path, "available_filter_functions");
            // "name" or "name [module]"
            return File.Exists(path)
                ? [.. File.ReadLines(path).Select(line => line.IndexOf(' ', StringComparison.Ordinal) is > 0 and int end ? line[..end] : line)]
                : null;
        }
        catch (Exception failure) when (failure is LinuxException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
