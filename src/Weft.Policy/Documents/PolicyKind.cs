namespace Weft.Policy.Documents;

/// <summary>The kinds of documents that hold rules, named as in their field `kind`.</summary>
public enum PolicyKind
{
    /// <summary>`networking.k8s.io/v1`.</summary>
    NetworkPolicy,

    /// <summary>`cilium.io/v2`, of a namespace.</summary>
    CiliumNetworkPolicy,

    /// <summary>`cilium.io/v2`, of no namespace.</summary>
    CiliumClusterwideNetworkPolicy,
}
