namespace Weft.Store.Following;

/// <summary>One step of a follower. <paramref name="Entry"/> comes with Put and Removed, <paramref name="Failure"/> with Interrupted.</summary>
public sealed record FollowEvent(FollowEventKind Kind, StoreEntry? Entry = null, StoreException? Failure = null);
