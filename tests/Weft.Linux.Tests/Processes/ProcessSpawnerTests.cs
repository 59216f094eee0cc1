using Weft.Linux.Processes;

namespace Weft.Linux.Tests.Processes;

public sealed class ProcessSpawnerTests : IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    private readonly string _log = Path.GetTempFileName();

    public void Dispose() => File.Delete(_log);

    [Fact]
    public void Output_and_errors_are_appended_to_the_file()
    {
        File.WriteAllText(_log, "before\n");

        using ProcessHandle process = Shell("echo out; echo err >&2");

        Assert.True(process.WaitForExit(s_deadline));
        Assert.Equal("before\nout\nerr\n", File.ReadAllText(_log));
    }

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("kill -9 $$", 137)]
    public void The_exit_code_is_told_once(string script, int expected)
    {
        using ProcessHandle process = Shell(script);

        Assert.True(process.WaitForExit(s_deadline));
        Assert.Equal(expected, process.TakeExitCode());
        Assert.Null(process.TakeExitCode());
    }

    [Fact]
    public void A_daemon_has_its_own_session_and_only_three_descriptors()
    {
        using ProcessHandle process = Shell("cut -d' ' -f6 /proc/self/stat; echo $$; ls /proc/$$/fd");

        Assert.True(process.WaitForExit(s_deadline));
        string[] lines = File.ReadAllLines(_log);
        Assert.Equal(lines[1], lines[0]);
        Assert.Equal(["0", "1", "2"], lines[2..]);
    }

    [Fact]
    public void A_broken_pipe_ends_a_daemon_as_it_ends_any_program()
    {
        using ProcessHandle process = Shell("kill -PIPE $$; echo survived");

        Assert.True(process.WaitForExit(s_deadline));
        Assert.Equal(128 + 13, process.TakeExitCode());
    }

    [Fact]
    public void A_signal_reaches_a_running_process_only()
    {
        using ProcessHandle process = Shell("exec cat /dev/zero >/dev/null");

        Assert.True(process.Identity.IsAlive);
        Assert.False(process.WaitForExit(TimeSpan.Zero));
        Assert.True(process.Signal(ProcessSignal.SIGTERM));
        Assert.True(process.WaitForExit(s_deadline));
        Assert.False(process.Identity.IsAlive);
        Assert.Equal(128 + 15, process.TakeExitCode());
        Assert.False(process.Signal(ProcessSignal.SIGTERM));
        Assert.Null(ProcessHandle.TryOpen(process.Identity));
    }

    [Fact]
    public void A_pid_with_another_start_time_is_another_process()
    {
        ProcessIdentity self = ProcessIdentity.Of(Environment.ProcessId)!.Value;

        Assert.True(self.IsAlive);
        Assert.Null(ProcessHandle.TryOpen(self with { StartTime = self.StartTime + 1 }));
    }

    [Fact]
    public void A_program_that_is_not_there_is_told()
    {
        LinuxException error = Assert.Throws<LinuxException>(() => ProcessSpawner.SpawnDaemon(new ProgramStart("/nowhere/weft", []), _log));

        Assert.Equal("start /nowhere/weft: No such file or directory (errno 2)", error.Message);
    }

    [Fact]
    public void A_variable_of_the_environment_is_passed_on()
    {
        ProgramStart start = new("/bin/sh", ["-c", "echo $WEFT_COLOUR"]) { Environment = ["WEFT_COLOUR=grün"] };
        using ProcessHandle process = ProcessSpawner.SpawnDaemon(start, _log);

        Assert.True(process.WaitForExit(s_deadline));
        Assert.Equal("grün\n", File.ReadAllText(_log));
    }

    private ProcessHandle Shell(string script) => ProcessSpawner.SpawnDaemon(new ProgramStart("/bin/sh", ["-c", script]), _log);
}
