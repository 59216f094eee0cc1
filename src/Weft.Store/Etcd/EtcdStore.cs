using System.Collections.Immutable;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Weft.Store.Etcd.Wire;

namespace Weft.Store.Etcd;

/// <summary>The store as a range of keys in an etcd cluster, for nodes on several machines.</summary>
/// <remarks>
/// docs/design/store.md has what each fault does. A write that failed with <see cref="StoreUnavailableException"/> may have happened:
/// the connection can break after the request left.
/// </remarks>
public sealed class EtcdStore : IStore
{
    private readonly EtcdStoreOptions _options;
    private readonly EtcdConnection _connection;
    private readonly EtcdKeys _keys;
    private readonly CancellationTokenSource _closed = new();
    private volatile string? _incarnation;

    private EtcdStore(EtcdStoreOptions options)
    {
        _options = options;
        _keys = new EtcdKeys(options.Location.KeyPrefix);
        _connection = new EtcdConnection(options);
    }

    public string Location => _options.Location.ToString();

    /// <summary>Checks the files that the options name; etcd itself is asked when something is wanted of it.</summary>
    public static Task<EtcdStore> OpenAsync(EtcdStoreOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Task.Run(
            () =>
            {
                if (options.Location.IsTls)
                {
                    TlsFiles.Read(options.Location, "check");
                }
                if (options.Location.UserFile is { } file)
                {
                    SecretFile.ReadUser(file);
                }
                return new EtcdStore(options);
            },
            cancellationToken);
    }

    public async Task<StoreEntry?> GetAsync(string key, CancellationToken cancellationToken)
    {
        StoreLimits.CheckKey(key);
        RangeResponse answer = await RangeAsync(
            $"get {key}", new RangeRequest { Key = _keys.Of(key) }, cancellationToken).ConfigureAwait(false);
        return answer.Kvs.Count == 0 ? null : _keys.Read(answer.Kvs[0]);
    }

    public async Task<StoreSnapshot> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPrefix(prefix);
        while (true)
        {
            try
            {
                return await ListPagesAsync(prefix, cancellationToken).ConfigureAwait(false);
            }
            catch (RpcException e) when (EtcdErrors.IsCompacted(e))
            {
                // Somebody compacted between two pages.
            }
        }
    }

    public IAsyncEnumerable<StoreChange> WatchAsync(string prefix, Revision after, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPrefix(prefix);
        return new EtcdWatch(_connection, _keys, prefix, after, _incarnation, ReadIncarnationAsync, _closed.Token).ReadAsync(cancellationToken);
    }

    public async Task<PutResult> PutAsync(StorePut put, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPut(put);
        if (put.Lease is { Lost.IsCancellationRequested: true } lost)
        {
            // etcd may not have ended it yet, but nobody renews it any more.
            throw new StoreLeaseLostException(lost.Id);
        }
        ByteString key = _keys.Of(put.Key);
        var read = new RequestOp { RequestRange = new RangeRequest { Key = key } };
        var txn = new TxnRequest
        {
            Success =
            {
                new RequestOp
                {
                    RequestPut = new PutRequest { Key = key, Value = UnsafeByteOperations.UnsafeWrap(put.Value), Lease = put.Lease?.Id ?? 0 },
                },
                read,
            },
            Failure = { read },
        };
        AddCondition(txn, key, put.Condition);
        AddGuard(txn, put.Guard);
        TxnResponse answer;
        try
        {
            answer = await TxnAsync($"put {put.Key}", txn, isRead: false, cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException e) when (put.Lease is not null && EtcdErrors.IsLeaseNotFound(e))
        {
            throw new StoreLeaseLostException(put.Lease.Id);
        }
        ThrowIfGuardFailed(answer, put.Guard, $"put {put.Key}");
        RangeResponse now = answer.Responses[answer.Succeeded ? 1 : 0].ResponseRange;
        return new PutResult(answer.Succeeded, now.Kvs.Count == 0 ? null : _keys.Read(now.Kvs[0]));
    }

    public async Task<bool> DeleteAsync(string key, Revision? expected, StoreGuard? guard, CancellationToken cancellationToken)
    {
        StoreLimits.CheckKey(key);
        ByteString name = _keys.Of(key);
        var txn = new TxnRequest { Success = { new RequestOp { RequestDeleteRange = new DeleteRangeRequest { Key = name } } } };
        if (expected is { } revision)
        {
            AddCondition(txn, name, PutCondition.At(revision));
        }
        AddGuard(txn, guard);
        TxnResponse answer = await TxnAsync($"delete {key}", txn, isRead: false, cancellationToken).ConfigureAwait(false);
        ThrowIfGuardFailed(answer, guard, $"delete {key}");
        return answer.Succeeded && answer.Responses[0].ResponseDeleteRange.Deleted > 0;
    }

    public async Task<IStoreLease> GrantLeaseAsync(TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        StoreLimits.CheckTimeToLive(timeToLive);
        long granted = _options.Clock.GetTimestamp();
        // etcd counts in whole seconds. A grant whose answer is lost runs out by itself, so it may be asked for again.
        LeaseGrantResponse answer = await _connection.CallAsync(
            "grant a lease", isRead: true,
            (member, options) => new Lease.LeaseClient(member).LeaseGrantAsync(
                new LeaseGrantRequest { TTL = (long)Math.Ceiling(timeToLive.TotalSeconds) }, options).ResponseAsync,
            cancellationToken).ConfigureAwait(false);
        return new KeptLease(
            answer.ID, timeToLive, granted, stop => RenewLeaseAsync(answer.ID, stop), () => EndLeaseAsync(answer.ID), _options.Clock,
            _closed.Token);
    }

    /// <summary>Ends watches and connections. Leases that were not disposed run out, as they do when the process dies.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_closed.IsCancellationRequested)
        {
            await _closed.CancelAsync().ConfigureAwait(false);
            _connection.Dispose();
        }
    }

    private static void AddCondition(TxnRequest txn, ByteString key, PutCondition condition)
    {
        if (condition == PutCondition.Absent)
        {
            txn.Compare.Add(new Compare { Key = key, Target = Compare.Types.CompareTarget.Create, CreateRevision = 0 });
        }
        else if (condition.Expected is { } revision)
        {
            txn.Compare.Add(new Compare { Key = key, Target = Compare.Types.CompareTarget.Mod, ModRevision = revision.Value });
        }
    }

    // Where the transaction does not happen it reads the guard last, so that one knows for which of the two reasons.
    private void AddGuard(TxnRequest txn, StoreGuard? guard)
    {
        if (guard is not null)
        {
            ByteString key = _keys.Of(guard.Key);
            txn.Compare.Add(
                new Compare { Key = key, Target = Compare.Types.CompareTarget.Create, CreateRevision = guard.Created.Value });
            txn.Failure.Add(new RequestOp { RequestRange = new RangeRequest { Key = key } });
        }
    }

    private void ThrowIfGuardFailed(TxnResponse answer, StoreGuard? guard, string action)
    {
        if (guard is not null && !answer.Succeeded
            && !guard.HoldsFor(answer.Responses[^1].ResponseRange.Kvs is [KeyValue kv, ..] ? _keys.Read(kv) : null))
        {
            throw new StoreGuardException(action, guard);
        }
    }

    // The first page says with the entries which store they are of, and makes an empty one known by a name of its own.
    private async Task<StoreSnapshot> ListPagesAsync(string prefix, CancellationToken cancellationToken)
    {
        string action = $"list {prefix}";
        string random = Guid.NewGuid().ToString("N");
        (ByteString from, ByteString end) = _keys.RangeOf(prefix);
        RangeRequest Page(ByteString start, long revision) =>
            new() { Key = start, RangeEnd = end, Limit = _options.PageSize, Revision = revision };
        var first = new TxnRequest
        {
            Compare = { new Compare { Key = _keys.Incarnation, Target = Compare.Types.CompareTarget.Create, CreateRevision = 0 } },
            Success =
            {
                new RequestOp { RequestPut = new PutRequest { Key = _keys.Incarnation, Value = ByteString.CopyFromUtf8(random) } },
                new RequestOp { RequestRange = Page(from, 0) },
            },
            Failure =
            {
                new RequestOp { RequestRange = new RangeRequest { Key = _keys.Incarnation } },
                new RequestOp { RequestRange = Page(from, 0) },
            },
        };
        TxnResponse answer = await TxnAsync(action, first, isRead: true, cancellationToken).ConfigureAwait(false);
        string incarnation = Name(answer.Header, answer.Succeeded ? random : answer.Responses[0].ResponseRange.Kvs[0].Value.ToStringUtf8());
        var entries = ImmutableArray.CreateBuilder<StoreEntry>();
        RangeResponse page = answer.Responses[1].ResponseRange;
        while (true)
        {
            entries.AddRange(page.Kvs.Select(_keys.Read).OfType<StoreEntry>());
            if (!page.More)
            {
                break;
            }
            ByteString next = ByteString.CopyFrom([.. page.Kvs[^1].Key.Span, 0]);
            page = await RangeAsync(action, Page(next, answer.Header.Revision), cancellationToken).ConfigureAwait(false);
        }
        _incarnation = incarnation;
        return new StoreSnapshot(entries.ToImmutable(), new Revision(answer.Header.Revision), incarnation);
    }

    /// <summary>Null: nobody has listed this store since it is empty.</summary>
    private async Task<string?> ReadIncarnationAsync(CancellationToken cancellationToken)
    {
        RangeResponse answer = await RangeAsync(
            "see which store it is", new RangeRequest { Key = _keys.Incarnation }, cancellationToken).ConfigureAwait(false);
        return answer.Kvs.Count == 0 ? null : Name(answer.Header, answer.Kvs[0].Value.ToStringUtf8());
    }

    private static string Name(ResponseHeader header, string random) =>
        string.Create(CultureInfo.InvariantCulture, $"{header.ClusterId:x}-{random}");

    private Task<RangeResponse> RangeAsync(string action, RangeRequest request, CancellationToken cancellationToken) => _connection.CallAsync(
        action, isRead: true, (member, options) => new KV.KVClient(member).RangeAsync(request, options).ResponseAsync, cancellationToken);

    private Task<TxnResponse> TxnAsync(string action, TxnRequest request, bool isRead, CancellationToken cancellationToken) =>
        _connection.CallAsync(
            action, isRead, (member, options) => new KV.KVClient(member).TxnAsync(request, options).ResponseAsync, cancellationToken);

    // A stream for each renewal: it fails over as every call does, and there are only three in the life of a lease.
    private async Task<bool> RenewLeaseAsync(long lease, CancellationToken cancellationToken)
    {
        LeaseKeepAliveResponse? answer = await _connection.CallAsync(
            $"renew lease {lease:x}", isRead: true, (member, options) => KeepAliveAsync(member, options, lease), cancellationToken)
            .ConfigureAwait(false);
        return answer?.TTL > 0;
    }

    private static async Task<LeaseKeepAliveResponse?> KeepAliveAsync(CallInvoker member, CallOptions options, long lease)
    {
        using AsyncDuplexStreamingCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> stream =
            new Lease.LeaseClient(member).LeaseKeepAlive(options);
        await stream.RequestStream.SendAsync(new LeaseKeepAliveRequest { ID = lease }, options.CancellationToken).ConfigureAwait(false);
        LeaseKeepAliveResponse? answer =
            await stream.ResponseStream.MoveNext(options.CancellationToken).ConfigureAwait(false) ? stream.ResponseStream.Current : null;
        await stream.RequestStream.CompleteAsync().ConfigureAwait(false);
        return answer;
    }

    private async Task EndLeaseAsync(long lease)
    {
        try
        {
            await _connection.CallAsync(
                $"end lease {lease:x}", isRead: true,
                (member, options) => new Lease.LeaseClient(member).LeaseRevokeAsync(
                    new LeaseRevokeRequest { ID = lease }, options).ResponseAsync,
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (RpcException e) when (EtcdErrors.IsLeaseNotFound(e))
        {
            // It ended by itself.
        }
    }
}
