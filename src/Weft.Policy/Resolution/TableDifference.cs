using System.Collections.Immutable;
using Weft.Model.Identities;
using Weft.Policy.Documents;

namespace Weft.Policy.Resolution;

/// <summary>Compares tables as the datapath sees them: by keys, verdicts and rules' numbers.</summary>
internal static class TableDifference
{
    /// <param name="peers">The only peers whose entries can differ; null: any.</param>
    /// <returns>Null: the datapath would see no difference.</returns>
    public static TableChange? Of(PolicyTable before, PolicyTable after, ImmutableArray<Identity> subjects, IReadOnlyCollection<Identity>? peers)
    {
        var written = ImmutableArray.CreateBuilder<PolicyMapEntry>();
        var deleted = ImmutableArray.CreateBuilder<PolicyMapEntry>();
        foreach (TrafficDirection direction in (TrafficDirection[])[TrafficDirection.Ingress, TrafficDirection.Egress])
        {
            IEnumerable<Identity> compared = before[direction] == after[direction] ? []
                : peers ?? before[direction].Peers.Keys.Union(after[direction].Peers.Keys).Append(Identity.Unknown);
            foreach (Identity peer in compared)
            {
                Compare(direction, peer, before.EntriesFor(direction, peer), after.EntriesFor(direction, peer), written, deleted);
            }
        }

        TableChange change = new(subjects, before, after, written.ToImmutable(), deleted.ToImmutable());
        bool isSame = change.Written.IsEmpty && change.Deleted.IsEmpty && !change.ChangesEnforcement
            && before.Ingress.DeniesByDefault == after.Ingress.DeniesByDefault && before.Egress.DeniesByDefault == after.Egress.DeniesByDefault;
        return isSame ? null : change;
    }

    private static void Compare(
        TrafficDirection direction, Identity peer, ImmutableArray<PolicyEntry> before, ImmutableArray<PolicyEntry> after,
        ImmutableArray<PolicyMapEntry>.Builder written, ImmutableArray<PolicyMapEntry>.Builder deleted)
    {
        if (before == after)
        {
            return;
        }

        // Lists are short, so looking through them costs less than a dictionary.
        foreach (PolicyEntry entry in after)
        {
            if (!before.Any(old => old.Block == entry.Block && old.IsDeny == entry.IsDeny && old.Rule?.Number == entry.Rule?.Number))
            {
                written.Add(new PolicyMapEntry(direction, peer, entry));
            }
        }

        foreach (PolicyEntry old in before)
        {
            if (!after.Any(entry => entry.Block == old.Block))
            {
                deleted.Add(new PolicyMapEntry(direction, peer, old));
            }
        }
    }
}
