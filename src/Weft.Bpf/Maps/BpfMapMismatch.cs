namespace Weft.Bpf.Maps;

/// <summary>A pinned map that has another schema than the object's map of that name.</summary>
public sealed record BpfMapMismatch(string Map, string Path, BpfMapSchema Found, BpfMapSchema Wanted)
{
    /// <summary>Only the number of entries differs, so the contents could be kept.</summary>
    public bool IsCapacityOnly => Found with { MaxEntries = Wanted.MaxEntries } == Wanted;

    public override string ToString() => $"map {Map} at {Path}: {string.Join(", ", Found.DifferencesFrom(Wanted))}";
}
