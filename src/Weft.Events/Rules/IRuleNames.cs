namespace Weft.Events;

/// <summary>What the rules of policies are called by whoever wrote them.</summary>
/// <remarks>Thread-safe. Asked for every verdict that a client gets, so it answers at once.</remarks>
public interface IRuleNames
{
    /// <summary>One line of text, as <c>NetworkPolicy shop/web spec.ingress[0] (line 12)</c>; null: no rule has the number now.</summary>
    string? Find(uint number);
}
