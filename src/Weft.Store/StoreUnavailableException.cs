namespace Weft.Store;

/// <summary>The store did not answer in time or had no room. The same call may succeed later. SQLite wrote nothing then; a write
/// to etcd may have happened, if the connection broke after the request left.</summary>
public sealed class StoreUnavailableException(string message, Exception? innerException = null) : StoreException(message, innerException);
