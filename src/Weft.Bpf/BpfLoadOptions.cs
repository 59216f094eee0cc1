using Weft.Bpf.Maps;

namespace Weft.Bpf;

/// <summary>Where the maps of an object come from and go to.</summary>
public sealed record BpfLoadOptions
{
    /// <summary>
    /// Directory on a bpf file system for maps that ask to be pinned by name. Those found there are used, the others are
    /// pinned there after the load. Null: nothing is looked up or pinned. It must exist.
    /// </summary>
    public string? PinDirectory { get; init; }

    /// <summary>Maps, by their name in the object, to use instead of new or pinned ones. The caller keeps owning them.</summary>
    public IReadOnlyDictionary<string, BpfMap> Maps { get; init; } = new Dictionary<string, BpfMap>();

    /// <summary>Decides about a pinned map whose schema is not the object's. Default: the load fails.</summary>
    public Func<BpfMapMismatch, BpfMismatchAction> OnMismatch { get; init; } = static _ => BpfMismatchAction.Fail;

    /// <summary>Bytes reserved (used only when a program is rejected) for the verifier's log.</summary>
    public int VerifierLogBytes { get; init; } = 32 * 1024 * 1024;
}
