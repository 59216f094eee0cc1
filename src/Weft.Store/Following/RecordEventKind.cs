namespace Weft.Store.Following;

/// <summary>What a record follower tells.</summary>
public enum RecordEventKind
{
    /// <summary>The record is new or changed.</summary>
    Put,
    /// <summary>The record is gone.</summary>
    Removed,
    /// <summary>All records that the store had when it was listed have been told, and what is gone as well.</summary>
    Synced,
    /// <summary>The store cannot be reached for now. What was told still stands; the follower tries again by itself.</summary>
    Interrupted,
    /// <summary>Somebody put a value that is not a record of this kind. What was told of the key before still stands.</summary>
    Rejected,
}
