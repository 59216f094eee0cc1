namespace Weft.Store;

/// <summary>Nothing was written: the key of the guard is gone, or was made anew by somebody else.</summary>
public sealed class StoreGuardException(string action, StoreGuard guard)
    : StoreException($"{action}: {guard.Key} is no longer what it was at revision {guard.Created} (another one leads now)");
