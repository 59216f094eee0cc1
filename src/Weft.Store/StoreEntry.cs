namespace Weft.Store;

/// <summary>A key with its value. <paramref name="Modified"/> is what compare-and-swap and delete expect.</summary>
/// <param name="Key">The whole key, prefix included.</param>
/// <param name="Value">The bytes as they were put.</param>
/// <param name="Created">Revision of the put that made the key; of two keys, the greater one came later.</param>
/// <param name="Modified">Revision of the last put.</param>
/// <param name="IsLeased">The key vanishes with its holder.</param>
public sealed record StoreEntry(string Key, ReadOnlyMemory<byte> Value, Revision Created, Revision Modified, bool IsLeased);
