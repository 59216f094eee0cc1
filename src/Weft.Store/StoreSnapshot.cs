using System.Collections.Immutable;

namespace Weft.Store;

/// <summary>The entries under a prefix as they were at one revision; a watch after it misses nothing and repeats nothing.</summary>
public sealed record StoreSnapshot(ImmutableArray<StoreEntry> Entries, Revision Revision);
