using Weft.Cli.Output;
using Weft.Cli.Tests.Support;

namespace Weft.Cli.Tests;

public class DurationsTests
{
    [Theory]
    [InlineData(0, "0s")]
    [InlineData(59.6, "1m0s")]
    [InlineData(61, "1m1s")]
    [InlineData(3600, "1h0m0s")]
    [InlineData(90061, "25h1m1s")]
    [InlineData(-5, "-5s")]
    public void Larger_units_come_first(double seconds, string text) => Assert.Equal(text, Durations.Text(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Zero_time_is_never() => Assert.Equal("never", Durations.Ago(default, new FixedClock()));

    [Theory]
    [InlineData(17, "17ns")]
    [InlineData(723_660, "723.66µs")]
    [InlineData(691_631, "691.631µs")]
    [InlineData(15_261_698, "15.261698ms")]
    [InlineData(1_500_000_000, "1.5s")]
    public void Short_times_have_their_own_unit(long nanoseconds, string expected) =>
        Assert.Equal(expected, Durations.Nanoseconds(nanoseconds));
}
