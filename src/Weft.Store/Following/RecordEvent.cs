namespace Weft.Store.Following;

/// <summary>One step of a record follower.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Key">Store key of the record; empty with Synced and Interrupted.</param>
/// <param name="Record">The record after a put, the last known one after a removal.</param>
/// <param name="Previous">The record that a put replaced, null where it is new.</param>
/// <param name="Failure">Why the store is out of reach, or why the value at the key is not a record (Rejected).</param>
/// <param name="IsOtherStore">With Synced: another store took the place of the one known before. Publish again what is yours.</param>
/// <param name="Created">With Put: revision at which the key was made. Of two records the one with the greater revision came later.</param>
public sealed record RecordEvent<T>(
    RecordEventKind Kind, string Key = "", T? Record = null, T? Previous = null, string? Failure = null, bool IsOtherStore = false,
    Revision Created = default)
    where T : class;
