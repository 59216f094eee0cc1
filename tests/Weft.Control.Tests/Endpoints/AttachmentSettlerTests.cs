using Weft.Control.Endpoints;
using Weft.Linux;
using Weft.Model.Endpoints;
using Weft.Tests.Shared;

namespace Weft.Control.Tests.Endpoints;

/// <summary>Links are made when nobody waits for a pod: by the clock of the test, so that it is certain.</summary>
public sealed class AttachmentSettlerTests
{
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(100);

    private readonly ManualClock _clock = new();
    private readonly EndpointTable _table = new();
    private readonly List<string> _settled = [];
    private readonly ChangeCounter _changes;
    private readonly AttachmentSettler _settler;
    private Action<EndpointRecord> _duringSettling = static _ => { };

    public AttachmentSettlerTests()
    {
        _changes = new ChangeCounter(_clock);
        _settler = new AttachmentSettler(_table, _changes, Settle, _clock);
    }

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pods_that_come_one_after_the_other_are_made_before_any_link_is()
    {
        await MakeAsync("first");
        Task run = _settler.RunAsync(Test);
        for (int pod = 0; pod < 50; pod++)
        {
            await PassAsync(s_moment);
            await MakeAsync($"pod{pod}");
            Assert.Empty(_settled);
        }

        await FinishAsync(run);
        await FinishAsync(_settler.RunAsync(Test));

        Assert.Equal(51, _settled.Count);
    }

    [Fact]
    public async Task A_pod_that_is_being_made_keeps_links_from_being_made_however_long_it_takes()
    {
        await MakeAsync("first");
        TaskCompletionSource made = new();
        Task slow = _changes.RunAsync(() => made.Task);
        Task run = _settler.RunAsync(Test);

        await PassAsync(AttachmentSettler.Calm * 5);
        Assert.Empty(_settled);

        made.SetResult();
        await slow;
        await FinishAsync(run);
        Assert.Equal(["first"], _settled);
    }

    [Fact]
    public async Task One_that_begins_among_the_links_stops_them_after_the_one_at_hand()
    {
        await MakeAsync("first");
        await MakeAsync("second");
        TaskCompletionSource made = new();
        Task? begun = null;
        _duringSettling = _ => begun ??= _changes.RunAsync(() => made.Task);
        _clock.Advance(AttachmentSettler.Calm);

        Task run = _settler.RunAsync(Test);

        Assert.Equal(["first"], _settled);
        made.SetResult();
        await begun!;
        await FinishAsync(run);
        Assert.Equal(["first", "second"], _settled);
    }

    [Fact]
    public async Task On_a_node_that_is_never_calm_one_at_a_time_is_made_nevertheless()
    {
        await MakeAsync("first");
        await MakeAsync("second");
        Task busy = _changes.RunAsync(() => Task.Delay(Timeout.InfiniteTimeSpan, Test));
        Task run = _settler.RunAsync(Test);

        while (_clock.GetElapsedTime(TimeSpan.FromHours(1).Ticks) < AttachmentSettler.Patience)
        {
            Assert.Empty(_settled);
            await PassAsync(AttachmentSettler.Calm);
        }

        await PassAsync(AttachmentSettler.ImpatientPause);
        Assert.Equal(["first"], _settled);
        await FinishAsync(run);
        Assert.Equal(["first", "second"], _settled);
        Assert.False(busy.IsCompleted);
    }

    [Fact]
    public async Task One_that_cannot_be_settled_keeps_no_other_from_it_and_is_tried_again()
    {
        await MakeAsync("first");
        await MakeAsync("second");
        _clock.Advance(AttachmentSettler.Calm);
        _duringSettling = record =>
        {
            if (record.ContainerId == "first")
            {
                throw new LinuxException("attach", Errno.ENOMEM);
            }
        };

        await Assert.ThrowsAsync<AggregateException>(() => _settler.RunAsync(Test));
        Assert.Equal(["second"], _settled);

        _duringSettling = static _ => { };
        await _settler.RunAsync(Test);
        Assert.Equal(["second", "first"], _settled);
    }

    private void Settle(EndpointRecord record)
    {
        _duringSettling(record);
        _settled.Add(record.ContainerId);
    }

    private Task MakeAsync(string container) => _changes.RunAsync(() =>
    {
        EndpointRecord record = Sample.Endpoint((ushort)(_table.Count + 1), container);
        Assert.Null(_table.TryAdd(new Endpoint(record, EndpointStateName.Ready, _clock)));
        return Task.CompletedTask;
    });

    /// <summary>Continuations run on the pool: the settler has to wait again, or to have done something, before more time passes.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        int before = _settled.Count;
        _clock.Advance(time);
        await Eventually.BecomesAsync(
            "what the settler makes of the time", () => Task.FromResult(_clock.ActiveTimers > 0 || _settled.Count > before), seen => seen);
    }

    private async Task FinishAsync(Task run)
    {
        await Eventually.BecomesAsync(
            "the end of the run",
            () =>
            {
                _clock.Advance(s_moment);
                return Task.FromResult(run.IsCompleted);
            },
            ended => ended);
        await run;
    }
}
