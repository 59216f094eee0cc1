using System.Globalization;
using Weft.Api.Policies;
using Weft.Cli.Output;

namespace Weft.Cli.Policies;

/// <summary>The table of <c>policy get</c>; further sections of a policy stand on lines of their own.</summary>
internal static class PolicyTable
{
    private const string Kubernetes = "k8s:";
    private const string OwnNamespace = "k8s:io.kubernetes.pod.namespace=";

    public static void Write(TextWriter output, IReadOnlyList<PolicyResource> policies)
    {
        TextTable table = new();
        table.Add("KIND", "NAMESPACE", "NAME", "SELECTS", "DIRECTIONS", "RULES", "ENDPOINTS");
        foreach (PolicyResource policy in policies)
        {
            foreach ((int index, PolicySection section) in policy.Sections.Index())
            {
                string[] about = index == 0 ? [policy.Kind, policy.Namespace ?? "", policy.Name] : ["", "", ""];
                table.Add(
                [
                    .. about, Subjects(policy, section), Directions(section), Number(section.Rules.Count),
                    index == 0 ? Number(policy.Endpoints.Count) : "",
                ]);
            }
        }

        table.Write(output);
    }

    /// <summary>Without what the policy's namespace says already.</summary>
    private static string Subjects(PolicyResource policy, PolicySection section)
    {
        string[] conditions =
        [
            .. section.Subjects.Split(", ")
                .Where(condition => condition != OwnNamespace + policy.Namespace && condition != "(everything)")
                .Select(condition => condition.StartsWith(Kubernetes, StringComparison.Ordinal) ? condition[Kubernetes.Length..] : condition),
        ];
        string whom = section.IsForNodes ? "nodes" : "all";
        return conditions.Length == 0 ? whom : section.IsForNodes ? $"{whom} {string.Join(',', conditions)}" : string.Join(',', conditions);
    }

    /// <summary>Where it has rules, or denies what has none.</summary>
    private static string Directions(PolicySection section) => string.Join(
        ',', section.Rules.Select(rule => rule.Direction).Concat(section.DefaultDeny).Distinct().OrderDescending(StringComparer.Ordinal));

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);
}
