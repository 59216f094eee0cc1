using Weft.Lab.State;
using Weft.Tests.Shared;

namespace Weft.Lab.Tests;

public sealed class LabLockTests
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    [KernelFact]
    public async Task The_second_waits_for_the_first()
    {
        using BareLab lab = new();
        TaskCompletionSource waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        LabLock first = LabLock.Acquire(lab.Paths);

        Task<LabLock> second = Task.Run(() => LabLock.Acquire(lab.Paths, waiting.SetResult));
        await waiting.Task.WaitAsync(s_deadline, TestContext.Current.CancellationToken);
        Assert.False(second.IsCompleted);
        first.Dispose();

        (await second.WaitAsync(s_deadline, TestContext.Current.CancellationToken)).Dispose();
    }

    [KernelFact]
    public async Task Whoever_waited_for_a_removal_holds_the_new_directory()
    {
        using BareLab lab = new();
        TaskCompletionSource waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        LabLock first = LabLock.Acquire(lab.Paths);
        Task<LabLock> second = Task.Run(() => LabLock.Acquire(lab.Paths, waiting.SetResult));
        await waiting.Task.WaitAsync(s_deadline, TestContext.Current.CancellationToken);

        lab.Directory.Remove();
        first.Dispose();

        using LabLock held = await second.WaitAsync(s_deadline, TestContext.Current.CancellationToken);
        Assert.True(Directory.Exists(lab.Paths.Root));
        Assert.Null(Weft.Linux.FileLock.TryAcquire(lab.Paths.Root));
    }
}
