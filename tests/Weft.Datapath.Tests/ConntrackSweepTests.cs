using Weft.Datapath.Conntrack;

namespace Weft.Datapath.Tests;

public sealed class ConntrackSweepTests
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(100, 50, 30)]
    [InlineData(100, 10, 60)]
    [InlineData(100, 1, 90)]
    [InlineData(0, 0, 90)]
    public void The_next_sweep_comes_sooner_the_more_had_expired(int seen, int deleted, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), new ConntrackSweep(seen, deleted).NextInterval(s_minute));

    [Fact]
    public void The_interval_stays_within_its_bounds()
    {
        Assert.Equal(ConntrackSweep.MinInterval, new ConntrackSweep(10, 10).NextInterval(ConntrackSweep.MinInterval));
        Assert.Equal(ConntrackSweep.MaxInterval, new ConntrackSweep(0, 0).NextInterval(ConntrackSweep.MaxInterval));
    }
}
