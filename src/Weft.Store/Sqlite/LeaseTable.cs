namespace Weft.Store.Sqlite;

/// <summary>The statements on leases. Times are milliseconds of the kernel's monotonic clock, which all processes of a machine share;
/// a lease of an earlier boot has ended with it.</summary>
internal sealed class LeaseTable(TimeProvider clock)
{
    private static readonly string s_boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    public long Now => (long)(clock.GetTimestamp() / (double)clock.TimestampFrequency * 1000);

    public long Grant(SqliteSession session, TimeSpan timeToLive) => session.Number(
        "INSERT INTO leases (id, boot, expires) VALUES ($1, $2, $3) RETURNING id",
        Random.Shared.NextInt64(1, long.MaxValue), s_boot, Expiry(timeToLive));

    public bool Renew(SqliteSession session, long lease, TimeSpan timeToLive) => session.Execute(
        "UPDATE leases SET expires = $1 WHERE id = $2 AND boot = $3 AND expires > $4", Expiry(timeToLive), lease, s_boot, Now) == 1;

    public bool IsAlive(SqliteSession session, long lease) => session.Number(
        "SELECT count(*) FROM leases WHERE id = $1 AND boot = $2 AND expires > $3", lease, s_boot, Now) == 1;

    /// <summary>Ends the lease and deletes its keys.</summary>
    public static void End(SqliteSession session, long lease)
    {
        foreach (string key in session.Rows(row => row.GetString(0), "SELECT key FROM entries WHERE lease = $1 ORDER BY key", lease))
        {
            EntryTable.Delete(session, key);
        }
        session.Execute("DELETE FROM leases WHERE id = $1", lease);
    }

    public int EndExpired(SqliteSession session)
    {
        List<long> expired = session.Rows(row => row.GetInt64(0), "SELECT id FROM leases WHERE boot <> $1 OR expires <= $2", s_boot, Now);
        foreach (long lease in expired)
        {
            End(session, lease);
        }
        return expired.Count;
    }

    /// <summary>When the next lease ends unless renewed, or null where there is none.</summary>
    public static long? NextExpiry(SqliteSession session)
    {
        long next = session.Number("SELECT coalesce(min(iif(boot = $1, expires, 0)), -1) FROM leases", s_boot);
        return next < 0 ? null : next;
    }

    private long Expiry(TimeSpan timeToLive) => Now + (long)timeToLive.TotalMilliseconds;
}
