using System.Collections.Immutable;
using System.Net;
using Weft.Model.Services;

namespace Weft.Policy.Resolution;

/// <summary>What `toServices` needs to know of a service.</summary>
/// <param name="Labels">Of the service itself, for `k8sServiceSelector`.</param>
/// <param name="PodSelector">Labels of its pods, in its namespace; empty: it has no selector, its <paramref name="Addresses"/> are meant.</param>
/// <param name="Addresses">Of its endpoints. Those of a service with a selector do not count: they are pods, and pods have identities.</param>
public sealed record ServiceTargets(
    ResourceName Name, ImmutableSortedDictionary<string, string> Labels, ImmutableSortedDictionary<string, string> PodSelector,
    ImmutableArray<IPAddress> Addresses)
{
    /// <summary>Whether rules mean the same by both: endpoints of a service with a selector come and go without any effect.</summary>
    public bool Equals(ServiceTargets? other) => other is not null
        && Name == other.Name && Labels.SequenceEqual(other.Labels) && PodSelector.SequenceEqual(other.PodSelector)
        && (!PodSelector.IsEmpty || Addresses.SequenceEqual(other.Addresses));

    public override int GetHashCode() => Name.GetHashCode();
}
