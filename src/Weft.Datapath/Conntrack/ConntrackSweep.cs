namespace Weft.Datapath.Conntrack;

/// <summary>What one walk over the maps of flows met: connection tracking and translations.</summary>
/// <param name="Seen">All entries.</param>
/// <param name="Deleted">Those that had expired.</param>
public readonly record struct ConntrackSweep(int Seen, int Deleted)
{
    public static ConntrackSweep operator +(ConntrackSweep left, ConntrackSweep right) =>
        new(left.Seen + right.Seen, left.Deleted + right.Deleted);

    /// <summary>Time until the next sweep: shorter the more had expired, longer when there is little to find.</summary>
    public TimeSpan NextInterval(TimeSpan last)
    {
        double share = Seen == 0 ? 0 : (double)Deleted / Seen;
        double factor = share switch
        {
            > 0.25 => 0.5,
            < 0.05 => 1.5,
            _ => 1,
        };
        return TimeSpan.FromSeconds(Math.Clamp(last.TotalSeconds * factor, MinInterval.TotalSeconds, MaxInterval.TotalSeconds));
    }

    public static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan MaxInterval = TimeSpan.FromMinutes(5);
}
