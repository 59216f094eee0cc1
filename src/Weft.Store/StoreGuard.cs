namespace Weft.Store;

/// <summary>A key that must still be the one that was made at a revision, for a write of another key to happen.</summary>
/// <remarks>What a leader adds to its writes: one that stood still while another was elected changes nothing any more. A guard is only
/// read; no store need change two keys at once for it.</remarks>
public sealed record StoreGuard(string Key, Revision Created)
{
    public bool HoldsFor(StoreEntry? entry) => entry?.Created == Created;
}
