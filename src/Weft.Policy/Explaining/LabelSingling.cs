using Weft.Policy.Documents;
using Weft.Policy.Resolution;

namespace Weft.Policy.Explaining;

/// <summary>Finds few conditions that one identity satisfies and no other.</summary>
internal static class LabelSingling
{
    /// <summary>Keys that people choose to name a workload by, the best first.</summary>
    private static readonly string[] s_names = ["app.kubernetes.io/name", "app", "k8s-app", "name", "app.kubernetes.io/component", "component"];

    /// <param name="others">Whom the conditions must not fit.</param>
    /// <param name="isUsable">Whether a condition may speak of a label.</param>
    /// <returns>Null: the labels that may be used do not tell them apart.</returns>
    public static IReadOnlyList<LabelRequirement>? Find(
        WorkloadLabels target, IEnumerable<WorkloadLabels> others, Func<(string Source, string Key, string Value), bool> isUsable)
    {
        List<WorkloadLabels> remaining = [.. others];
        List<LabelRequirement> found = [];
        List<LabelRequirement> own =
        [
            .. target.All.Where(isUsable).Select(label => LabelRequirement.Equal(label.Source, label.Key, label.Value))
                .OrderBy(requirement => Array.IndexOf(s_names, requirement.Key) is var i && i < 0 ? s_names.Length : i)
                .ThenBy(requirement => requirement.ToString(), StringComparer.Ordinal),
        ];

        // One label at least, where there is one: else whatever comes to the namespace next would be meant too.
        while (remaining.Count > 0 || (found.Count == 0 && own.Count > 0))
        {
            LabelRequirement? best = Best(own, remaining, mayExcludeNone: found.Count == 0)
                ?? Best(Absent(target, remaining, isUsable), remaining, mayExcludeNone: false);
            if (best is null)
            {
                return null;
            }

            found.Add(best);
            own.Remove(best);
            remaining.RemoveAll(other => !other.Matches(best));
        }

        return found;
    }

    /// <summary>The condition that excludes most; of equals, the first.</summary>
    private static LabelRequirement? Best(IEnumerable<LabelRequirement> candidates, List<WorkloadLabels> remaining, bool mayExcludeNone)
    {
        LabelRequirement? best = null;
        int most = mayExcludeNone ? -1 : 0;
        foreach (LabelRequirement candidate in candidates)
        {
            int excluded = remaining.Count(other => !other.Matches(candidate));
            if (excluded > most)
            {
                (best, most) = (candidate, excluded);
            }
        }

        return best;
    }

    /// <summary>Labels that others have and the target has not, whatever their values.</summary>
    private static IEnumerable<LabelRequirement> Absent(
        WorkloadLabels target, List<WorkloadLabels> remaining, Func<(string Source, string Key, string Value), bool> isUsable) => remaining
        .SelectMany(other => other.All.Where(isUsable).Select(label => LabelRequirement.Absent(label.Source, label.Key)))
        .Distinct().Where(target.Matches).OrderBy(requirement => requirement.ToString(), StringComparer.Ordinal);
}
