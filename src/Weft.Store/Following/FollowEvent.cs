namespace Weft.Store.Following;

/// <summary>One step of a follower.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Entry">With Put and Removed.</param>
/// <param name="Failure">With Interrupted.</param>
/// <param name="IsOtherStore">With Synced: another store took the place of the one known before. Publish again what is yours.</param>
public sealed record FollowEvent(
    FollowEventKind Kind, StoreEntry? Entry = null, StoreException? Failure = null, bool IsOtherStore = false);
