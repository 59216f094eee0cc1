namespace Weft.Events.Hops;

/// <summary>What a trace comes to.</summary>
/// <param name="Outcome">One of the constants.</param>
/// <param name="Culprit">Null: nobody is to blame.</param>
/// <param name="Explanation">What happened, where it ended and why.</param>
/// <param name="Advice">What to do; null where nothing is to be done.</param>
public sealed record TraceDiagnosis(string Outcome, Culprit? Culprit, string Explanation, string? Advice)
{
    /// <summary>The packet arrived and its answer came back.</summary>
    public const string Answered = "answered";

    /// <summary>Somebody answered that nobody listens.</summary>
    public const string Refused = "refused";

    /// <summary>The sender was told that it cannot get there.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>The packet arrived; no answer was sent.</summary>
    public const string Delivered = "delivered";

    /// <summary>The packet, or its answer, did not arrive.</summary>
    public const string Lost = "lost";

    /// <summary>It never left the sender.</summary>
    public const string NotSent = "not-sent";
}
