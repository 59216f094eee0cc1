using Weft.Api.Policies;

namespace Weft.Cli.Policies;

/// <summary>How policies are named on a command line.</summary>
internal static class PolicyNames
{
    /// <summary><c>shop/web</c>, or <c>no-metadata</c> of a kind without namespaces.</summary>
    public static string Of(PolicyResource policy) => policy.Namespace is { } space ? $"{space}/{policy.Name}" : policy.Name;

    public static string WithKind(PolicyResource policy) => $"{policy.Kind}/{Of(policy)}";

    /// <summary>By its name, with its namespace, or with both that and its kind.</summary>
    public static bool IsNamed(PolicyResource policy, string name) =>
        name == policy.Name || name == Of(policy) || name.Equals(WithKind(policy), StringComparison.OrdinalIgnoreCase);
}
