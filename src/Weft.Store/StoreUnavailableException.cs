namespace Weft.Store;

/// <summary>The store did not answer in time or had no room. Nothing was written; the same call may succeed later.</summary>
public sealed class StoreUnavailableException(string message, Exception? innerException = null) : StoreException(message, innerException);
