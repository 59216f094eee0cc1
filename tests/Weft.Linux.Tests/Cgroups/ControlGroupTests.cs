using System.Diagnostics;
using Weft.Linux.Cgroups;
using Weft.Linux.Processes;
using Weft.Tests.Shared;

namespace Weft.Linux.Tests.Cgroups;

/// <summary>Where no cgroup v2 hierarchy can be written to, as in many containers, there is nothing to test.</summary>
public sealed class ControlGroupTests : IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);
    private static int s_counter;

    private readonly ControlGroup? _group = ControlGroup.FindRoot()?.Child($"weft-linux-tests-{Environment.ProcessId}-{Interlocked.Increment(ref s_counter)}");
    private readonly string _log = Path.GetTempFileName();

    public void Dispose()
    {
        _group?.Remove(s_deadline);
        File.Delete(_log);
    }

    [KernelFact]
    public void A_daemon_is_inside_from_its_first_instruction_on()
    {
        ControlGroup group = Made();
        ProgramStart start = new("/bin/cat", ["/proc/self/cgroup"]) { Environment = ["A=b c"] };

        using ProcessHandle process = ProcessSpawner.SpawnDaemon(group.Enter(start), _log);

        Assert.True(process.WaitForExit(s_deadline));
        Assert.Contains($"0::/{Path.GetFileName(group.Path)}\n", File.ReadAllText(_log), StringComparison.Ordinal);
        Assert.Equal(0, process.TakeExitCode());
    }

    [KernelFact]
    public void Arguments_environment_pid_and_exit_code_are_the_programs_own()
    {
        ProgramStart start = Made().Enter(new ProgramStart("/bin/sh", ["-c", "echo \"$$|$1|$2|$A\"; exit 7", "x", "a  b", "$HOME*"]) { Environment = ["A=b c"] });

        using ProcessHandle process = ProcessSpawner.SpawnDaemon(start, _log);

        Assert.True(process.WaitForExit(s_deadline));
        Assert.Equal($"{process.Identity.Pid}|a  b|$HOME*|b c\n", File.ReadAllText(_log));
        Assert.Equal(7, process.TakeExitCode());
    }

    [KernelFact]
    public void A_program_does_not_run_outside_of_a_group_that_is_gone()
    {
        ControlGroup group = Made();
        Assert.True(group.Remove(s_deadline));

        using ProcessHandle process = ProcessSpawner.SpawnDaemon(group.Enter(new ProgramStart("/bin/echo", ["ran"])), _log);

        Assert.True(process.WaitForExit(s_deadline));
        Assert.DoesNotContain("ran", File.ReadAllText(_log), StringComparison.Ordinal);
        Assert.Equal(126, process.TakeExitCode());
    }

    [KernelFact]
    public void Removal_ends_what_runs_inside_and_below()
    {
        ControlGroup group = Made();
        ControlGroup below = group.Child("one").Child("two");
        below.Create();
        using ProcessHandle process = ProcessSpawner.SpawnDaemon(new ProgramStart("/bin/sleep", ["600"]), _log);
        below.Add(process.Identity.Pid);
        Assert.Equal([process.Identity.Pid], group.Processes());

        Assert.True(group.Remove(s_deadline));

        Assert.True(process.WaitForExit(s_deadline));
        Assert.False(group.Exists);
        Assert.Empty(group.Processes());
        Assert.True(group.Remove(s_deadline));
    }

    [KernelFact]
    public void A_process_that_is_gone_cannot_be_moved()
    {
        using Process ended = Process.Start("/bin/true");
        ended.WaitForExit();

        LinuxException error = Assert.Throws<LinuxException>(() => Made().Add(ended.Id));

        Assert.Equal(Errno.ESRCH, error.Errno);
    }

    private ControlGroup Made()
    {
        Assert.SkipWhen(_group is null, "no cgroup v2 hierarchy can be written to");
        _group.Create();
        return _group;
    }
}
