namespace Weft.Store;

/// <summary>Outcome of a conditional put.</summary>
/// <param name="Written">The condition held and the value is in the store.</param>
/// <param name="Current">The entry now: the one just written, or the one that the condition failed on; null where the condition
/// wanted an entry and there is none.</param>
public sealed record PutResult(bool Written, StoreEntry? Current);
