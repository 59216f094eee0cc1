using Microsoft.Data.Sqlite;
using Weft.Store.Sqlite;
using Weft.Tests.Shared;

namespace Weft.Store.Tests.Sqlite;

/// <summary>Holders that stand still, and boots that end.</summary>
public sealed class SqliteLeaseTests : IDisposable
{
    private static readonly TimeSpan s_ttl = TimeSpan.FromSeconds(15);

    private readonly TemporaryFile _file = new();
    private readonly ManualClock _everybody = new();
    private readonly ManualClock _frozen = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task A_holder_that_stood_still_for_too_long_learns_that_its_lease_is_lost()
    {
        await using SqliteStore holder = await OpenAsync(_frozen);
        await using SqliteStore other = await OpenAsync(_everybody);
        IStoreLease lease = await holder.GrantLeaseAsync(s_ttl, Test);
        await holder.PutAsync(new StorePut("key", default) { Lease = lease }, Test);

        _everybody.Advance(s_ttl);
        await Eventually.BecomesAsync("the key is gone", () => other.GetAsync("key", Test), entry => entry is null);
        Assert.False(lease.Lost.IsCancellationRequested);
        _frozen.Advance(s_ttl / 3);

        await Eventually.BecomesAsync("the lease is lost", () => Task.FromResult(lease.Lost.IsCancellationRequested), lost => lost);
        await lease.DisposeAsync();
    }

    [Fact]
    public async Task A_lease_of_an_earlier_boot_has_ended_with_it()
    {
        await using SqliteStore holder = await OpenAsync(_everybody);
        IStoreLease lease = await holder.GrantLeaseAsync(s_ttl, Test);
        await holder.PutAsync(new StorePut("key", default) { Lease = lease }, Test);

        using var connection = new SqliteConnection($"Data Source={_file.Path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "UPDATE leases SET boot = 'before'";
        command.ExecuteNonQuery();

        await Eventually.BecomesAsync("the key is gone", () => holder.GetAsync("key", Test), entry => entry is null);
    }

    [Fact]
    public async Task A_store_that_cannot_be_written_for_the_time_to_live_loses_its_leases()
    {
        await using SqliteStore holder = await OpenAsync(_everybody, TimeSpan.FromMilliseconds(50));
        IStoreLease lease = await holder.GrantLeaseAsync(s_ttl, Test);
        using var connection = new SqliteConnection($"Data Source={_file.Path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();

        _everybody.Advance(s_ttl);

        await Eventually.BecomesAsync("the lease is lost", () => Task.FromResult(lease.Lost.IsCancellationRequested), lost => lost);
    }

    private Task<SqliteStore> OpenAsync(TimeProvider clock, TimeSpan? lockTimeout = null) => SqliteStore.OpenAsync(
        new SqliteStoreOptions { Path = _file.Path, Clock = clock, LockTimeout = lockTimeout ?? TimeSpan.FromSeconds(5) }, Test);
}
