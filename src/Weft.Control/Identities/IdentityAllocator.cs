using System.Runtime.CompilerServices;
using Weft.Model.Identities;
using Weft.Model.Json;
using Weft.Model.Labels;
using Weft.Model.Nodes;
using Weft.Store;
using Weft.Store.Following;
using Weft.Store.Layout;

namespace Weft.Control.Identities;

/// <summary>Gives label sets their identities and registers which of them this node uses.</summary>
/// <remarks>Counts one use per <see cref="AcquireAsync"/>. Uses are permanent keys, since pods outlive the agent; after a restart the
/// agent acquires again for each endpoint and then calls <see cref="DropUnusedAsync"/>.</remarks>
public sealed class IdentityAllocator : IDisposable
{
    private readonly IStore _store;
    private readonly ClusterName _cluster;
    private readonly NodeName _node;
    private readonly TimeProvider _clock;
    private readonly IdentityClaims _claims;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<LabelSet, Identity> _used = [];
    private readonly Dictionary<Identity, int> _uses = [];

    public IdentityAllocator(IStore store, ClusterName cluster, NodeName node, TimeProvider clock)
        : this(store, cluster, node, clock, IdentitySlots.Hash)
    {
    }

    internal IdentityAllocator(IStore store, ClusterName cluster, NodeName node, TimeProvider clock, Func<LabelSet, uint> hash)
    {
        _store = store;
        _cluster = cluster;
        _node = node;
        _clock = clock;
        _claims = new IdentityClaims(store, Cache, hash);
    }

    /// <summary>Identities of all nodes. Filled by <see cref="FollowAsync"/>; those acquired here are there at once.</summary>
    public IdentityCache Cache { get; } = new();

    /// <summary>The identity of the labels, the same on every node. Only the first use of a label set on this node asks the store.</summary>
    /// <exception cref="IdentityException">The labels use the source `reserved`, or no number is left.</exception>
    public async Task<Identity> AcquireAsync(LabelSet labels, CancellationToken cancellationToken)
    {
        if (ReservedFor(labels) is { } reserved)
        {
            return reserved;
        }
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_used.TryGetValue(labels, out Identity identity))
            {
                identity = await AgreeAndUseAsync(labels, cancellationToken).ConfigureAwait(false);
                _used.Add(labels, identity);
                Cache.Put(new IdentityRecord(identity, labels));
            }
            _uses[identity] = _uses.GetValueOrDefault(identity) + 1;
            return identity;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>As <see cref="AcquireAsync"/>, but of what this node knows by itself, while the store is away. Null: it knows of no identity of
    /// the labels.</summary>
    /// <remarks>Nobody else knows of the use until <see cref="EnsureAsync"/> has run, which may change the identity.</remarks>
    public async Task<Identity?> AcquireKnownAsync(LabelSet labels, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_used.TryGetValue(labels, out Identity identity))
            {
                // With two of them somebody is about to give one up, and only the store says which.
                if (Cache.With(labels) is not [Identity only] || !only.IsClusterScope)
                {
                    return null;
                }
                identity = only;
                _used.Add(labels, identity);
            }
            _uses[identity] = _uses.GetValueOrDefault(identity) + 1;
            return identity;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Undoes one <see cref="AcquireAsync"/>; the last one tells the store that this node does not use the identity.</summary>
    /// <remarks>Where the store cannot be told, <see cref="DropUnusedAsync"/> does it later.</remarks>
    public async Task ReleaseAsync(Identity identity, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            int uses = _uses.GetValueOrDefault(identity);
            if (uses > 1)
            {
                _uses[identity] = uses - 1;
            }
            else if (uses == 1)
            {
                _uses.Remove(identity);
                _used.Remove(_used.First(u => u.Value == identity).Key);
                await _store.DeleteAsync(StoreKeys.Use(_cluster, _node, identity), expected: null, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The identity that this node uses for the labels now, or null where it uses none.</summary>
    public async Task<Identity?> FindUsedAsync(LabelSet labels, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _used.TryGetValue(labels, out Identity identity) ? identity : null;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Registers again what this node uses; to be run when another store took the place of the known one, and now and then.</summary>
    /// <remarks>Where other nodes meanwhile gave a label set another number, that is the one from here on: endpoints whose number differs
    /// from <see cref="FindUsedAsync"/> have to acquire theirs again.</remarks>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            foreach ((LabelSet labels, Identity before) in _used.ToList())
            {
                Identity now = await AgreeAndUseAsync(labels, cancellationToken).ConfigureAwait(false);
                if (now != before)
                {
                    _used[labels] = now;
                    _uses.Remove(before);
                    Cache.Put(new IdentityRecord(now, labels));
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Takes back the uses that the store has of this node and that are none (any more): of an earlier run, or released while the
    /// store was away. Returns how many.</summary>
    public async Task<int> DropUnusedAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            HashSet<string> wanted = [.. _uses.Keys.Select(i => StoreKeys.Use(_cluster, _node, i))];
            StoreSnapshot registered = await _store.ListAsync(StoreKeys.UsesOf(_cluster, _node), cancellationToken).ConfigureAwait(false);
            int dropped = 0;
            foreach (StoreEntry use in registered.Entries.Where(e => !wanted.Contains(e.Key)))
            {
                dropped += await _store.DeleteAsync(use.Key, use.Modified, cancellationToken).ConfigureAwait(false) ? 1 : 0;
            }
            return dropped;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Keeps <see cref="Cache"/> in step with the store and passes on what happened, without end.</summary>
    public async IAsyncEnumerable<RecordEvent<IdentityRecord>> FollowAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var follower = new RecordFollower<IdentityRecord>(_store, StoreKeys.Identities, ModelJsonContext.Default.IdentityRecord, _clock);
        await foreach (RecordEvent<IdentityRecord> step in follower.FollowAsync(cancellationToken).ConfigureAwait(false))
        {
            if (step is { Kind: RecordEventKind.Put, Record: { } put })
            {
                Cache.Put(put);
            }
            else if (step is { Kind: RecordEventKind.Removed, Record: { } removed })
            {
                Cache.Remove(removed.Id);
            }
            yield return step;
        }
    }

    public void Dispose() => _turn.Dispose();

    // The use is registered before the agreement is read for the last time: a collector that removes an agreement looks for uses after it.
    private async Task<Identity> AgreeAndUseAsync(LabelSet labels, CancellationToken cancellationToken)
    {
        while (true)
        {
            Identity identity = await _claims.AgreeAsync(labels, cancellationToken).ConfigureAwait(false);
            string use = StoreKeys.Use(_cluster, _node, identity);
            await _store.PutAsync(
                new StorePut(use, ReadOnlyMemory<byte>.Empty) { Condition = PutCondition.Absent }, cancellationToken).ConfigureAwait(false);
            if (await _claims.FindAsync(labels, cancellationToken).ConfigureAwait(false) == identity
                && await _claims.StandsForAsync(identity, labels, cancellationToken).ConfigureAwait(false))
            {
                return identity;
            }
            await _store.DeleteAsync(use, expected: null, cancellationToken).ConfigureAwait(false);
        }
    }

    private static Identity? ReservedFor(LabelSet labels)
    {
        if (!labels.Any(l => l.Source == Label.ReservedSource))
        {
            return null;
        }
        IdentityRecord? match = ReservedIdentities.All.FirstOrDefault(r => r.Labels.Equals(labels));
        return match?.Id ?? throw new IdentityException(
            $"allocate an identity for {labels}: the source '{Label.ReservedSource}' is for the identities that Weft itself gives (use another source)");
    }
}
