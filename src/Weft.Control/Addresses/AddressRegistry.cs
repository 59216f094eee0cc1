using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Weft.Model.Addressing;
using Weft.Model.Json;
using Weft.Model.Nodes;
using Weft.Store;
using Weft.Store.Following;
using Weft.Store.Layout;

namespace Weft.Control.Addresses;

/// <summary>Which identity and node is behind each address of the cluster: publishes those of this node, follows all.</summary>
/// <remarks>
/// Records are permanent: pods outlive the agent. A record inside one of this node's pod CIDRs is this node's to write, whoever wrote
/// it, since <see cref="Nodes.NodeRegistration"/> gave it the range alone. An address that changes its identity is overwritten, never
/// removed first, and followers tell additions before removals, so no ipcache has a moment without it.
/// </remarks>
public sealed class AddressRegistry(IStore store, ClusterName cluster, NodeName node, ImmutableArray<PodCidr> podCidrs, TimeProvider clock)
{
    /// <summary>Every address of the cluster, then every change, without end.</summary>
    public IAsyncEnumerable<RecordEvent<AddressRecord>> FollowAsync(CancellationToken cancellationToken) =>
        new RecordFollower<AddressRecord>(store, StoreKeys.Addresses(cluster), ModelJsonContext.Default.AddressRecord, clock)
            .FollowAsync(cancellationToken);

    /// <summary>Tells all nodes of the address. When it returns the record is in the store; the others see it moments later.</summary>
    /// <exception cref="AddressConflictException">The address is outside this node's pod CIDRs and another node publishes it.</exception>
    public async Task PublishAsync(AddressRecord record, CancellationToken cancellationToken)
    {
        string key = StoreKeys.Address(cluster, record.Prefix);
        byte[] value = JsonSerializer.SerializeToUtf8Bytes(record, ModelJsonContext.Default.AddressRecord);
        PutCondition condition = PutCondition.Absent;
        while (true)
        {
            PutResult result = await store.PutAsync(
                new StorePut(key, value) { Condition = condition }, cancellationToken).ConfigureAwait(false);
            if (result.Written || (result.Current is { } same && same.Value.Span.SequenceEqual(value)))
            {
                return;
            }
            ThrowIfTheirs(record, result.Current);
            condition = result.Current is { } current ? PutCondition.At(current.Modified) : PutCondition.Absent;
        }
    }

    /// <summary>Takes back the address if it is this node's. Nothing happens where it is not, or is not known.</summary>
    public async Task WithdrawAsync(IPNetwork prefix, CancellationToken cancellationToken)
    {
        string key = StoreKeys.Address(cluster, prefix);
        StoreEntry? entry = await store.GetAsync(key, cancellationToken).ConfigureAwait(false);
        while (entry is not null && IsOurs(entry, prefix) && !await store.DeleteAsync(key, entry.Modified, cancellationToken).ConfigureAwait(false))
        {
            entry = await store.GetAsync(key, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Makes the store say of this node exactly these addresses: after a restart, and now and then. Returns what it repaired.</summary>
    public async Task<AddressResync> ResyncAsync(IReadOnlyCollection<AddressRecord> own, CancellationToken cancellationToken)
    {
        StoreSnapshot all = await store.ListAsync(StoreKeys.Addresses(cluster), cancellationToken).ConfigureAwait(false);
        Dictionary<string, StoreEntry> present = all.Entries.ToDictionary(e => e.Key, StringComparer.Ordinal);
        var wanted = own.ToDictionary(r => StoreKeys.Address(cluster, r.Prefix), StringComparer.Ordinal);
        int published = 0;
        foreach ((string key, AddressRecord record) in wanted)
        {
            if (!present.TryGetValue(key, out StoreEntry? entry) || !record.Equals(Read(entry)))
            {
                await PublishAsync(record, cancellationToken).ConfigureAwait(false);
                published++;
            }
        }
        int removed = 0;
        foreach (StoreEntry entry in all.Entries.Where(e => !wanted.ContainsKey(e.Key) && IsOurs(e, PrefixOf(e))))
        {
            removed += await store.DeleteAsync(entry.Key, entry.Modified, cancellationToken).ConfigureAwait(false) ? 1 : 0;
        }
        return new AddressResync(published, removed);
    }

    /// <summary>The same by what a follower was told, without asking for all addresses of the cluster.</summary>
    /// <param name="told">Of this node. What is not up to date in it costs a call, and changes nothing.</param>
    public async Task ResyncAsync(
        IReadOnlyCollection<AddressRecord> own, IReadOnlyDictionary<IPNetwork, AddressRecord> told, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(own);
        ArgumentNullException.ThrowIfNull(told);
        HashSet<IPNetwork> wanted = [.. own.Select(record => record.Prefix)];
        foreach (AddressRecord record in own.Where(record => !record.Equals(told.GetValueOrDefault(record.Prefix))))
        {
            await PublishAsync(record, cancellationToken).ConfigureAwait(false);
        }
        foreach (IPNetwork prefix in told.Keys.Where(prefix => !wanted.Contains(prefix)))
        {
            await WithdrawAsync(prefix, cancellationToken).ConfigureAwait(false);
        }
    }

    private void ThrowIfTheirs(AddressRecord record, StoreEntry? entry)
    {
        if (entry is not null && Read(entry) is { } other && !IsOurs(entry, record.Prefix))
        {
            throw new AddressConflictException(
                $"publish address {record.Prefix} of {record.Owner ?? node.ToString()}: node {other.Node} publishes it for "
                + $"{other.Owner ?? "itself"} and it is in no pod CIDR of this node (delete one of the two)");
        }
    }

    private bool IsOurs(StoreEntry entry, IPNetwork? prefix) =>
        Read(entry)?.Node == node || (prefix is { } p && podCidrs.Any(c => c.Contains(p.BaseAddress) && p.PrefixLength >= c.Network.PrefixLength));

    private IPNetwork? PrefixOf(StoreEntry entry)
    {
        ReadOnlySpan<char> text = entry.Key.AsSpan(StoreKeys.Addresses(cluster).Length);
        return AddressText.TryParse(text, out IPNetwork prefix) ? prefix
            : AddressText.TryParse(text, out IPAddress? single) ? new IPNetwork(single, single.GetAddressBytes().Length * 8)
            : null;
    }

    private static AddressRecord? Read(StoreEntry entry) =>
        RecordReader.TryRead(entry, ModelJsonContext.Default.AddressRecord, out AddressRecord? record, out _) ? record : null;
}
