using Weft.Agent.Http;
using Weft.Model.Labels;
using Weft.Model.Services;
using Weft.Policy.Documents;

namespace Weft.Agent.Policies;

/// <summary>A policy, or a namespace whose labels policies look at, by the name that people give it on a line.</summary>
/// <param name="Policy">Null: it is a namespace.</param>
internal sealed record PolicyReference(PolicyName? Policy, string Namespace)
{
    private const string DefaultNamespace = "default";

    // With the short names that kubectl has for them.
    private static readonly Dictionary<string, PolicyKind?> s_kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["NetworkPolicy"] = PolicyKind.NetworkPolicy,
        ["netpol"] = PolicyKind.NetworkPolicy,
        ["CiliumNetworkPolicy"] = PolicyKind.CiliumNetworkPolicy,
        ["cnp"] = PolicyKind.CiliumNetworkPolicy,
        ["CiliumClusterwideNetworkPolicy"] = PolicyKind.CiliumClusterwideNetworkPolicy,
        ["ccnp"] = PolicyKind.CiliumClusterwideNetworkPolicy,
        ["Namespace"] = null,
        ["ns"] = null,
    };

    /// <summary>Reads <c>KIND/NAMESPACE/NAME</c>; without a namespace it is <c>default</c>, or the kind has none.</summary>
    /// <exception cref="ApiRequestException">It names nothing.</exception>
    public static PolicyReference Parse(string text)
    {
        string[] parts = text.Split('/');
        string shown = Printable.Excerpt(text);
        if (!s_kinds.TryGetValue(parts[0], out PolicyKind? kind))
        {
            throw new ApiRequestException(
                $"find policy '{shown}': no kind of that name (write KIND/NAMESPACE/NAME; kinds are {string.Join(", ", s_kinds.Keys)})");
        }

        bool hasNamespace = kind is PolicyKind.NetworkPolicy or PolicyKind.CiliumNetworkPolicy;
        (string space, string name) = parts switch
        {
            [_, string only] => (hasNamespace ? DefaultNamespace : "", only),
            [_, string outer, string inner] when hasNamespace => (outer, inner),
            _ => throw new ApiRequestException($"find policy '{shown}': write {parts[0]}/{(hasNamespace ? "NAMESPACE/" : "")}NAME"),
        };
        return !ResourceName.TryCreate(hasNamespace ? space : DefaultNamespace, name, out _, out string? error)
            ? throw new ApiRequestException($"find policy '{shown}': {error}")
            : kind is { } known ? new PolicyReference(new PolicyName(known, space, name), space) : new PolicyReference(null, name);
    }
}
