namespace Weft.Store;

/// <summary>The changes that a watch asked for are not or no longer there: list, then watch after the list's revision.</summary>
public sealed class StoreCompactedException : StoreException
{
    public StoreCompactedException(Revision after, Revision oldest)
        : base($"watch the store after revision {after}: history begins at {oldest} (list again)")
    {
    }

    public StoreCompactedException(string message)
        : base(message)
    {
    }
}
