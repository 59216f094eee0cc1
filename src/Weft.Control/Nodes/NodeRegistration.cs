using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Weft.Model.Json;
using Weft.Model.Nodes;
using Weft.Store;
using Weft.Store.Following;
using Weft.Store.Layout;

namespace Weft.Control.Nodes;

/// <summary>This node in the store: its record, and a leased key that says that its agent runs.</summary>
/// <remarks>
/// The record is permanent: packets to a node flow while its agent is down, so the death of an agent must not take the node from the
/// others' tables. The leased key keeps a second machine from taking the name of one that runs. A restarted agent knows its own key by
/// the record's instance, and need not wait for the old lease to end.
/// </remarks>
public sealed class NodeRegistration(IStore store, NodeRecord own) : IAsyncDisposable
{
    private static readonly TimeSpan s_timeToLive = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private NodeRecord _own = own;
    private IStoreLease? _lease;

    private string Action => $"register node {_own.Name}";

    /// <summary>The leased key was lost: <see cref="EnsureAsync"/> should run soon.</summary>
    public event Action? LeaseLost;

    /// <summary>Publishes what is not there or differs. Run it at start and again now and then: it repairs what others undid.</summary>
    /// <exception cref="NodeConflictException">Another node has the name, an address or a range.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ThrowIfAny(NodeConflicts.Within(_own));
            await HoldNameAsync(cancellationToken).ConfigureAwait(false);
            (StoreEntry? published, Revision claimed) = await PublishAsync(cancellationToken).ConfigureAwait(false);
            await YieldToEarlierAsync(published, claimed, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Publishes also where the node's health endpoint answers; null: nowhere.</summary>
    /// <exception cref="NodeConflictException">As from <see cref="EnsureAsync"/>.</exception>
    public async Task PublishHealthAsync(HealthAddresses? health, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        _own = _own with { Health = health };
        _turn.Release();
        await EnsureAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives up the leased key. The record stays, for the pods that stay.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_lease is not null)
        {
            await _lease.DisposeAsync().ConfigureAwait(false);
        }
        _turn.Dispose();
    }

    /// <summary>Takes a node that is gone for good, with its addresses, out of the store.</summary>
    public static async Task RemoveAsync(IStore store, ClusterName cluster, NodeName node, CancellationToken cancellationToken)
    {
        foreach (StoreEntry entry in (await store.ListAsync(StoreKeys.Addresses(cluster), cancellationToken).ConfigureAwait(false)).Entries)
        {
            if (RecordReader.TryRead(entry, ModelJsonContext.Default.AddressRecord, out var record, out _)
                && record.Node == node)
            {
                await store.DeleteAsync(entry.Key, entry.Modified, cancellationToken).ConfigureAwait(false);
            }
        }
        await store.DeleteAsync(StoreKeys.Node(cluster, node), expected: null, cancellationToken).ConfigureAwait(false);
        await store.DeleteAsync(StoreKeys.PodCidrClaim(cluster, node), expected: null, cancellationToken).ConfigureAwait(false);
    }

    private async Task HoldNameAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            _lease ??= await GrantAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await PutAliveAsync(_lease, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (StoreLeaseLostException)
            {
                await _lease.DisposeAsync().ConfigureAwait(false);
                _lease = null;
            }
        }
    }

    private async Task<IStoreLease> GrantAsync(CancellationToken cancellationToken)
    {
        IStoreLease lease = await store.GrantLeaseAsync(s_timeToLive, cancellationToken).ConfigureAwait(false);
        lease.Lost.Register(() => LeaseLost?.Invoke());
        return lease;
    }

    private async Task PutAliveAsync(IStoreLease lease, CancellationToken cancellationToken)
    {
        string key = StoreKeys.Alive(_own.Cluster, _own.Name);
        byte[] instance = Encoding.UTF8.GetBytes(_own.Instance);
        PutCondition condition = PutCondition.Absent;
        while (true)
        {
            PutResult result = await store.PutAsync(
                new StorePut(key, instance) { Condition = condition, Lease = lease }, cancellationToken).ConfigureAwait(false);
            if (result.Written)
            {
                return;
            }
            if (result.Current is { } held && !held.Value.Span.SequenceEqual(instance))
            {
                throw new NodeConflictException(
                    $"{Action}: an agent on another machine runs under this name (give this node another --node-name; "
                    + $"if that agent was just stopped, it is forgotten after {s_timeToLive.TotalSeconds} s)");
            }
            condition = result.Current is { } mine ? PutCondition.At(mine.Modified) : PutCondition.Absent;
        }
    }

    // What was there before, for the case that it must be put back, and the revision at which this node claimed what it has.
    private async Task<(StoreEntry? Before, Revision Claimed)> PublishAsync(CancellationToken cancellationToken)
    {
        string key = StoreKeys.Node(_own.Cluster, _own.Name);
        byte[] value = JsonSerializer.SerializeToUtf8Bytes(_own, ModelJsonContext.Default.NodeRecord);
        ThrowIfAny(await ConflictsAsync(before: null, cancellationToken).ConfigureAwait(false));
        StoreEntry? before = await store.GetAsync(key, cancellationToken).ConfigureAwait(false);
        if (before is not null && before.Value.Span.SequenceEqual(value))
        {
            return (before, before.Modified);
        }
        PutResult result = await store.PutAsync(new StorePut(key, value), cancellationToken).ConfigureAwait(false);
        return (before, result.Current!.Modified);
    }

    // Two nodes that start at once may both see no conflict and publish. Both look again, and the one that published later withdraws.
    private async Task YieldToEarlierAsync(StoreEntry? before, Revision claimed, CancellationToken cancellationToken)
    {
        ImmutableArray<string> conflicts = await ConflictsAsync(claimed, cancellationToken).ConfigureAwait(false);
        if (conflicts.IsEmpty)
        {
            return;
        }
        string key = StoreKeys.Node(_own.Cluster, _own.Name);
        if (before is null)
        {
            await store.DeleteAsync(key, claimed, cancellationToken).ConfigureAwait(false);
        }
        else if (before.Modified != claimed)
        {
            await store.PutAsync(
                new StorePut(key, before.Value) { Condition = PutCondition.At(claimed) }, cancellationToken).ConfigureAwait(false);
        }
        ThrowIfAny(conflicts);
    }

    private async Task<ImmutableArray<string>> ConflictsAsync(Revision? before, CancellationToken cancellationToken)
    {
        StoreSnapshot all = await store.ListAsync(StoreKeys.Nodes(_own.Cluster), cancellationToken).ConfigureAwait(false);
        var conflicts = ImmutableArray.CreateBuilder<string>();
        foreach (StoreEntry entry in all.Entries.Where(e => before is null || e.Modified < before))
        {
            if (RecordReader.TryRead(entry, ModelJsonContext.Default.NodeRecord, out NodeRecord? other, out _))
            {
                conflicts.AddRange(NodeConflicts.Between(_own, other));
            }
        }
        return conflicts.ToImmutable();
    }

    private void ThrowIfAny(IEnumerable<string> conflicts)
    {
        string all = string.Join("; ", conflicts);
        if (all.Length > 0)
        {
            throw new NodeConflictException($"{Action}: {all}");
        }
    }
}
