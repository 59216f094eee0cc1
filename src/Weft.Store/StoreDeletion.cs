namespace Weft.Store;

/// <summary>Deleting without a guard, as nearly everybody does.</summary>
public static class StoreDeletion
{
    /// <inheritdoc cref="IStore.DeleteAsync"/>
    public static Task<bool> DeleteAsync(this IStore store, string key, Revision? expected, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.DeleteAsync(key, expected, guard: null, cancellationToken);
    }
}
