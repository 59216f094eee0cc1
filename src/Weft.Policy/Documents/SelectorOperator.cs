namespace Weft.Policy.Documents;

/// <summary>What a label must be, with Kubernetes' meaning: an absent label satisfies <see cref="NotIn"/> and <see cref="DoesNotExist"/>.</summary>
public enum SelectorOperator
{
    In,
    NotIn,
    Exists,
    DoesNotExist,
}
