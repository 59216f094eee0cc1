using Weft.Bpf.Interop;

namespace Weft.Bpf;

/// <summary>How many CPUs this machine may ever have, which is how many values an element of a per-CPU map holds.</summary>
/// <remarks>More than <see cref="Environment.ProcessorCount"/> where CPUs are offline, can be hot-plugged, or the process is confined.</remarks>
public static class PossibleCpus
{
    private static readonly Lazy<int> s_count = new(() => BpfException.Check(LibBpf.NumPossibleCpus(), "read /sys/devices/system/cpu/possible"));

    public static int Count => s_count.Value;
}
