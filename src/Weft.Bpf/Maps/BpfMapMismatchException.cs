using Weft.Linux;

namespace Weft.Bpf.Maps;

/// <summary>Pinned or given maps do not fit the object that wants to use them.</summary>
public sealed class BpfMapMismatchException : BpfException
{
    public BpfMapMismatchException(string attempt, IReadOnlyList<BpfMapMismatch> mismatches)
        : base(attempt, Errno.EINVAL, string.Join("; ", mismatches), "remove the pin, or let the load recreate or keep the map") => Mismatches = mismatches;

    /// <summary>All that do not fit, not only the first.</summary>
    public IReadOnlyList<BpfMapMismatch> Mismatches { get; }
}
