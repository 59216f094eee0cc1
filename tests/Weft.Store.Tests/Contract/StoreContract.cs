using System.Text;
using Weft.Tests.Shared;

namespace Weft.Store.Tests.Contract;

/// <summary>What every store promises, as tests; a new implementation derives from it and passes.</summary>
/// <remarks>The partial files hold one topic each. <see cref="OpenAsync"/> opens one more client of the same, initially empty store,
/// as another process would.</remarks>
public abstract partial class StoreContract : IAsyncLifetime
{
    protected const string Nodes = "weft/state/nodes/v1/default/";

    protected static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly List<IStore> _opened = [];

    protected IStore Store { get; private set; } = null!;

    protected ManualClock Clock { get; } = new();

    protected static CancellationToken Test => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Store = await OpenClientAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (IStore store in _opened)
        {
            await store.DisposeAsync();
        }
        CleanUp();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<IStore> OpenAsync();

    protected virtual void CleanUp()
    {
    }

    protected async Task<IStore> OpenClientAsync()
    {
        IStore store = await OpenAsync();
        _opened.Add(store);
        return store;
    }

    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    protected static string Text(StoreEntry? entry) => entry is null ? "(none)" : Encoding.UTF8.GetString(entry.Value.Span);

    protected static string Text(StoreChange change) => $"{change.Key[(change.Key.LastIndexOf('/') + 1)..]}={Text(change.Entry)}";

    protected async Task<StoreEntry> PutAsync(string key, string value, IStore? through = null)
    {
        PutResult result = await (through ?? Store).PutAsync(new StorePut(key, Bytes(value)), Test);
        Assert.True(result.Written);
        return result.Current!;
    }

    /// <summary>Takes that many changes from a watch; fails after the deadline.</summary>
    protected static async Task<List<StoreChange>> TakeAsync(IAsyncEnumerable<StoreChange> watch, int count)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Test);
        deadline.CancelAfter(Deadline);
        var changes = new List<StoreChange>();
        try
        {
            await foreach (StoreChange change in watch.WithCancellation(deadline.Token))
            {
                changes.Add(change);
                if (changes.Count == count)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (!Test.IsCancellationRequested)
        {
            Assert.Fail($"saw {changes.Count} of {count} changes in {Deadline.TotalSeconds} s: {string.Join(' ', changes.Select(Text))}");
        }
        return changes;
    }
}
