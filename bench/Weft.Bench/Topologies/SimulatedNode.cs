using System.Collections.Immutable;
using System.Net;
using Weft.Control.Addresses;
using Weft.Control.Identities;
using Weft.Model.Addressing;
using Weft.Model.Identities;
using Weft.Model.Labels;
using Weft.Model.Nodes;
using Weft.Store;
using Weft.Store.Following;

namespace Weft.Bench.Topologies;

/// <summary>What an agent is to the store, by the agent's own parts: it takes identities, publishes addresses, and follows all of both.</summary>
internal sealed class SimulatedNode : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly IStore _store;
    private readonly int _number;
    private readonly IdentityAllocator _identities;
    private readonly AddressRegistry _addresses;
    private readonly Task[] _following;
    private int _known;
    private int _knownIdentities;
    private int _synced;
    private volatile TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SimulatedNode(IStore store, int number)
    {
        _store = store;
        _number = number;
        NodeName name = NodeName.Parse($"n{number}");
        _identities = new IdentityAllocator(store, ClusterName.Default, name, TimeProvider.System);
        ImmutableArray<PodCidr> own = [PodCidr.Parse($"10.{number}.0.0/16")];
        _addresses = new AddressRegistry(store, ClusterName.Default, name, own, TimeProvider.System);
        _following = [Task.Run(FollowAddressesAsync), Task.Run(FollowIdentitiesAsync)];
    }

    /// <summary>Takes an identity of labels that only this endpoint has, and tells the others of its address.</summary>
    public async Task PublishAsync(int endpoint, LabelSet labels)
    {
        Identity identity = await _identities.AcquireAsync(labels, CancellationToken.None);
        await PublishAsync(endpoint, identity);
    }

    public Task PublishAsync(int endpoint, Identity identity) => _addresses.PublishAsync(
        new AddressRecord
        {
            Prefix = new IPNetwork(AddressOf(_number, endpoint), 32),
            Identity = identity,
            Node = NodeName.Parse($"n{_number}"),
            NodeAddress = new IPAddress([192, 168, 2, (byte)_number]),
            Owner = $"default/pod-{_number}-{endpoint}",
        },
        CancellationToken.None);

    public static IPAddress AddressOf(int node, int endpoint) => new([10, (byte)node, (byte)(endpoint >> 8), (byte)endpoint]);

    /// <summary>Returns when the node has heard of that many addresses and identities.</summary>
    public Task KnowsAsync(int addresses, int identities) =>
        UntilAsync(() => Volatile.Read(ref _known) >= addresses && Volatile.Read(ref _knownIdentities) >= identities);

    public int Synced => Volatile.Read(ref _synced);

    /// <summary>Returns when both followers have read everything so many times.</summary>
    public Task SyncedAsync(int times) => UntilAsync(() => Volatile.Read(ref _synced) >= times);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_following).ContinueWith(_ => { }, TaskScheduler.Default);
        _identities.Dispose();
        await _store.DisposeAsync();
        _stop.Dispose();
    }

    private async Task UntilAsync(Func<bool> condition)
    {
        while (true)
        {
            Task changed = _changed.Task;
            if (condition())
            {
                return;
            }

            await changed;
        }
    }

    private async Task FollowAddressesAsync()
    {
        await foreach (RecordEvent<AddressRecord> step in _addresses.FollowAsync(_stop.Token))
        {
            Note(step, ref _known);
        }
    }

    private async Task FollowIdentitiesAsync()
    {
        await foreach (RecordEvent<IdentityRecord> step in _identities.FollowAsync(_stop.Token))
        {
            Note(step, ref _knownIdentities);
        }
    }

    private void Note<T>(RecordEvent<T> step, ref int known)
        where T : class
    {
        if (step is { Kind: RecordEventKind.Put, Previous: null })
        {
            Interlocked.Increment(ref known);
        }
        else if (step.Kind == RecordEventKind.Synced)
        {
            Interlocked.Increment(ref _synced);
        }

        Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }
}
