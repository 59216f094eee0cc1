namespace Weft.Bpf.Maps;

/// <summary>A pinned map that has another schema than the object's map of that name.</summary>
public sealed record BpfMapMismatch(string Map, string Path, BpfMapSchema Found, BpfMapSchema Wanted)
{
    /// <summary>How the maps differ that a map of maps holds, as <see cref="BpfMap.InnerDifferencesFrom"/> tells it.</summary>
    public IReadOnlyList<string> InnerDifferences { get; init; } = [];

    /// <summary>Only the number of entries differs, so the contents could be kept.</summary>
    public bool IsCapacityOnly => InnerDifferences.Count == 0 && Found with { MaxEntries = Wanted.MaxEntries } == Wanted;

    public override string ToString() => $"map {Map} at {Path}: {string.Join(", ", Found.DifferencesFrom(Wanted).Concat(InnerDifferences))}";
}
