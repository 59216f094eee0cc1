using Weft.Control.Controllers;

namespace Weft.Control.Tests.Controllers;

public sealed class ControllerSetTests
{
    [Fact]
    public async Task It_lists_by_name_and_forgets_what_was_stopped()
    {
        await using var set = new ControllerSet(TimeProvider.System, () => 0);
        set.Start(new ControllerSpec("b", _ => Task.CompletedTask) { Interval = TimeSpan.FromMinutes(1) });
        set.Start(new ControllerSpec("a", _ => Task.CompletedTask));
        set.Start(new ControllerSpec("c", _ => Task.CompletedTask));

        await set.StopAsync("c");
        await set.StopAsync("never was");

        Assert.Equal(["a", "b"], set.Snapshot().Select(s => s.Name));
        Assert.Equal([null, TimeSpan.FromMinutes(1)], set.Snapshot().Select(s => s.Interval));
        Assert.Equal(2, set.Snapshot().Select(s => s.Uuid).Distinct().Count());
    }

    [Fact]
    public async Task A_name_is_used_once_at_a_time()
    {
        await using var set = new ControllerSet(TimeProvider.System, () => 0);
        set.Start(new ControllerSpec("a", _ => Task.CompletedTask));

        Assert.Throws<ArgumentException>(() => set.Start(new ControllerSpec("a", _ => Task.CompletedTask)));
        await set.StopAsync("a");
        set.Start(new ControllerSpec("a", _ => Task.CompletedTask));
    }

    [Fact]
    public async Task Disposing_stops_all()
    {
        var set = new ControllerSet(TimeProvider.System, () => 0);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bool cancelled = false;
        set.Start(new ControllerSpec("a", async stop =>
        {
            using CancellationTokenRegistration note = stop.Register(() => cancelled = true);
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, stop);
        }));
        await begun.Task;

        await set.DisposeAsync();

        Assert.True(cancelled);
        Assert.Empty(set.Snapshot());
        Assert.Throws<ObjectDisposedException>(() => set.Start(new ControllerSpec("b", _ => Task.CompletedTask)));
    }
}
