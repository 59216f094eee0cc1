namespace Weft.Store;

/// <summary>A promise to the store that this process lives. Disposing it deletes the keys put under it.</summary>
public interface IStoreLease : IAsyncDisposable
{
    long Id { get; }

    TimeSpan TimeToLive { get; }

    /// <summary>Cancelled when the lease ended although nobody disposed it: the process stood still or the store was out of
    /// reach for longer than <see cref="TimeToLive"/>. Its keys are gone; take a new lease and put them again.</summary>
    CancellationToken Lost { get; }
}
