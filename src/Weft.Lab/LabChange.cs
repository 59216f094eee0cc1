using System.Collections.Immutable;

namespace Weft.Lab;

/// <summary>What 'up' had to do.</summary>
/// <param name="IsNew">The lab was built from nothing; the lists then name everything.</param>
/// <param name="EtcdStarted">The store was started again.</param>
public sealed record LabChange(
    bool IsNew, ImmutableArray<string> AgentsStarted, ImmutableArray<string> PodsAdded, ImmutableArray<string> PodsRemoved,
    bool EtcdStarted = false)
{
    public bool IsEmpty => !IsNew && !EtcdStarted && AgentsStarted.IsEmpty && PodsAdded.IsEmpty && PodsRemoved.IsEmpty;
}
