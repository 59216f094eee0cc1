using System.Threading.Channels;
using Weft.Control.Controllers;
using Weft.Tests.Shared;

namespace Weft.Control.Tests.Controllers;

public sealed class ControllerTests
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    private readonly ManualClock _clock = new();
    private readonly FakeWork _work = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_runs_at_start_and_then_every_interval()
    {
        await using Controller controller = Start(new ControllerSpec("sync", _work.RunAsync) { Interval = TimeSpan.FromMinutes(1) });
        await _work.FinishAsync();
        await PausedAsync();

        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(1, _work.Begun);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await _work.FinishAsync();

        await StatusAsync(controller, s => s.Successes == 2);
    }

    [Fact]
    public async Task Without_an_interval_it_waits_for_a_trigger()
    {
        await using Controller controller = Start(new ControllerSpec("sync", _work.RunAsync) { RunAtStart = false });
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, _work.Begun);

        controller.Trigger();

        await _work.FinishAsync();
    }

    [Fact]
    public async Task A_trigger_during_a_run_causes_one_more_run_and_several_are_one()
    {
        await using Controller controller = Start(new ControllerSpec("sync", _work.RunAsync));
        await _work.BeginsAsync();

        controller.Trigger();
        controller.Trigger();
        controller.Trigger();
        await _work.FinishAsync();
        await _work.FinishAsync();

        await StatusAsync(controller, s => s.Successes == 2);
        Assert.Equal(2, _work.Begun);
    }

    [Fact]
    public async Task A_failure_is_kept_and_repeated_after_pauses_that_double()
    {
        await using Controller controller = Start(new ControllerSpec("sync", _work.RunAsync)
        {
            RetryBase = TimeSpan.FromSeconds(2),
            RetryMax = TimeSpan.FromSeconds(5),
        });
        foreach (int pause in new[] { 2, 4, 5, 5 })
        {
            await _work.FinishAsync(new InvalidOperationException($"before {pause}"));
            await PausedAsync();
            int begun = _work.Begun;
            _clock.Advance(TimeSpan.FromSeconds(pause) - TimeSpan.FromMilliseconds(1));
            Assert.Equal(begun, _work.Begun);
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }
        await _work.BeginsAsync();

        ControllerStatus status = controller.Status;
        Assert.Equal((4, 4, 0, "before 5", false),
            (status.Failures, status.ConsecutiveFailures, status.Successes, status.LastFailureMessage, status.IsHealthy));
    }

    [Fact]
    public async Task A_success_ends_the_count_of_failures_in_a_row_and_keeps_the_last_message()
    {
        await using Controller controller = Start(new ControllerSpec("sync", _work.RunAsync));
        await _work.FinishAsync(new InvalidOperationException("no route"));
        await PausedAsync();
        _clock.Advance(TimeSpan.FromSeconds(1));
        await _work.FinishAsync();

        ControllerStatus status = await StatusAsync(controller, s => s.Successes == 1);

        Assert.Equal((1, 0, "no route"), (status.Failures, status.ConsecutiveFailures, status.LastFailureMessage));
        Assert.True(status.LastSuccess > status.LastFailure);
        Assert.True(status.IsHealthy);
    }

    [Fact]
    public async Task Chance_shortens_the_pause_to_a_half_at_most()
    {
        await using Controller controller = new(
            new ControllerSpec("sync", _work.RunAsync) { RetryBase = TimeSpan.FromSeconds(10) }, _clock, () => 0.999999);
        await _work.FinishAsync(new InvalidOperationException());
        await PausedAsync();

        _clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal(1, _work.Begun);
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        await _work.FinishAsync();
    }

    [Fact]
    public async Task A_trigger_ends_the_pause_after_a_failure()
    {
        await using Controller controller = Start(new ControllerSpec("sync", _work.RunAsync));
        await _work.FinishAsync(new InvalidOperationException());
        await PausedAsync();

        controller.Trigger();

        await _work.FinishAsync();
    }

    [Fact]
    public async Task Run_now_waits_for_a_run_that_began_after_the_call()
    {
        await using Controller controller = Start(new ControllerSpec("sync", _work.RunAsync));
        await _work.BeginsAsync();

        Task now = controller.RunNowAsync(Test);
        await _work.FinishAsync();
        await _work.BeginsAsync();
        Assert.False(now.IsCompleted);
        await _work.FinishAsync(new InvalidOperationException("no route"));

        Assert.Equal("no route", (await Assert.ThrowsAsync<InvalidOperationException>(() => now.WaitAsync(s_deadline, Test))).Message);
    }

    [Fact]
    public async Task Disposing_cancels_the_run_and_counts_no_failure()
    {
        Controller controller = Start(new ControllerSpec("sync", _work.RunAsync));
        await _work.BeginsAsync();
        Task waiting = controller.RunNowAsync(Test);

        await controller.DisposeAsync().AsTask().WaitAsync(s_deadline, Test);

        Assert.Equal(0, controller.Status.Failures);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.WaitAsync(s_deadline, Test));
    }

    [Fact]
    public async Task Of_triggers_at_random_times_none_is_lost()
    {
        int wanted = 0;
        int done = 0;
        await using Controller controller = Start(new ControllerSpec("sync", async _ =>
        {
            int seen = Volatile.Read(ref wanted);
            await Task.Yield();
            Volatile.Write(ref done, seen);
        }));
        for (int i = 1; i <= 2000; i++)
        {
            Volatile.Write(ref wanted, i);
            controller.Trigger();
            if (i % 7 == 0)
            {
                await Task.Yield();
            }
        }

        await Eventually.BecomesAsync("the last trigger was served", () => Task.FromResult(Volatile.Read(ref done)), d => d == 2000);
    }

    private Controller Start(ControllerSpec spec) => new(spec, _clock, () => 0);

    private Task<int> PausedAsync() => Eventually.BecomesAsync("the controller pauses", () => Task.FromResult(_clock.ActiveTimers), n => n == 1);

    private static Task<ControllerStatus> StatusAsync(Controller controller, Func<ControllerStatus, bool> fits) =>
        Eventually.BecomesAsync("status", () => Task.FromResult(controller.Status), fits);

    /// <summary>A task whose runs end when the test says so.</summary>
    private sealed class FakeWork
    {
        private readonly Channel<bool> _begun = Channel.CreateUnbounded<bool>();
        private readonly Channel<Exception?> _results = Channel.CreateUnbounded<Exception?>();

        public int Begun { get; private set; }

        public async Task RunAsync(CancellationToken cancellationToken)
        {
            Begun++;
            _begun.Writer.TryWrite(true);
            if (await _results.Reader.ReadAsync(cancellationToken) is { } failure)
            {
                throw failure;
            }
        }

        public async Task BeginsAsync() => Assert.True(await _begun.Reader.WaitToReadAsync(Test).AsTask().WaitAsync(s_deadline, Test));

        public async Task FinishAsync(Exception? failure = null)
        {
            await _begun.Reader.ReadAsync(Test).AsTask().WaitAsync(s_deadline, Test);
            await _results.Writer.WriteAsync(failure, Test);
        }
    }
}
