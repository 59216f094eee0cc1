namespace Weft.Store.Following;

/// <summary>What a follower tells.</summary>
public enum FollowEventKind
{
    /// <summary>The entry is new or changed.</summary>
    Put,
    /// <summary>The entry is gone; the event carries its last state.</summary>
    Removed,
    /// <summary>All entries that the store had when it was listed have been told, and what is gone as well.</summary>
    Synced,
    /// <summary>The store cannot be reached for now. What was told still stands; the follower tries again by itself.</summary>
    Interrupted,
}
