namespace Weft.Store.Sqlite;

/// <summary>Where the file is, and the bounds of waiting and keeping. The defaults suit every node; tests set others.</summary>
public sealed record SqliteStoreOptions
{
    public required string Path { get; init; }

    /// <summary>How long a call waits for another process's transaction, which takes well under a millisecond unless it hangs.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Changes kept for watches that fell behind or resume; older ones are compacted away.</summary>
    public int HistoryLength { get; init; } = 4096;

    /// <summary>Bytes of values kept in that history; whichever bound is reached first.</summary>
    public long HistoryBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Clock of the leases. Its timestamp must be the same in all processes that share the file, as CLOCK_MONOTONIC is.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
