namespace Weft.Store;

/// <summary>One change of one key.</summary>
/// <param name="Key">The key that changed.</param>
/// <param name="Revision">When, in the store's order.</param>
/// <param name="Entry">The entry after the change; null: the key was deleted, or vanished with its lease.</param>
public sealed record StoreChange(string Key, Revision Revision, StoreEntry? Entry)
{
    public bool IsDelete => Entry is null;
}
