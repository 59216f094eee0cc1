namespace Weft.Store;

/// <summary>The changes that a watch asked for are no longer kept: list, then watch after the list's revision.</summary>
public sealed class StoreCompactedException(Revision after, Revision oldest)
    : StoreException($"watch the store after revision {after}: history begins at {oldest} (list again)");
