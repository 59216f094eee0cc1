using Weft.Tests.Shared;
using Xunit.Sdk;

namespace Weft.Linux.Tests.SharedLibrary;

public class EventuallyTests
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(30);

    [Fact]
    public void Query_is_repeated_until_it_throws_no_more()
    {
        int tries = 0;

        int result = Eventually.Passes(() => ++tries == 3 ? tries : throw new InvalidOperationException("not yet"));

        Assert.Equal(3, result);
    }

    [Fact]
    public void Failure_tells_what_the_tries_saw()
    {
        XunitException failure = Assert.ThrowsAny<XunitException>(
            () => Eventually.Passes(() => throw new InvalidOperationException("no route"), s_short));

        Assert.StartsWith("not reached within 0.03 s; ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("no route", failure.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(failure.InnerException);
    }

    [Fact]
    public async Task Value_that_never_fits_is_told()
    {
        XunitException failure = await Assert.ThrowsAnyAsync<XunitException>(
            () => Eventually.BecomesAsync("two pods", () => Task.FromResult(1), count => count == 2, s_short));

        Assert.Contains("two pods: not yet: 1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Event_that_does_not_come_is_told()
    {
        XunitException failure = await Assert.ThrowsAnyAsync<XunitException>(
            () => Eventually.ArrivesAsync("event of pod 1", new TaskCompletionSource<int>().Task, s_short));

        Assert.Equal("event of pod 1: did not happen within 0.03 s", failure.Message);
    }
}
