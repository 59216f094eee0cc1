namespace Weft.Store;

/// <summary>The lease under which a key should have been put has ended; <see cref="IStoreLease.Lost"/> is or will be cancelled.</summary>
public sealed class StoreLeaseLostException(long lease)
    : StoreException($"store lease {lease} has ended: it was not kept alive in time (take a new lease)");
