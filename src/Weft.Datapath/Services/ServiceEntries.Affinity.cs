namespace Weft.Datapath.Services;

/// <content>Which backend a client had: written by the programs, which look whether it exists, not whether it is in a list still.</content>
public sealed partial class ServiceEntries
{
    /// <summary>Removes affinities that a condition names by the ids of service and backend.</summary>
    /// <remarks>After <see cref="Settle"/>, or a packet that was told an old list may write one again.</remarks>
    public void ForgetAffinities(Func<uint, uint, bool> isStale)
    {
        ArgumentNullException.ThrowIfNull(isStale);
        lock (_lock)
        {
            Write("forget affinities", () => maps.Affinity.DeleteWhere((key, value) => isStale(key.ServiceId, value.BackendId)));
        }
    }
}
