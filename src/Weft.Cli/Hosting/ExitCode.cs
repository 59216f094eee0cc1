namespace Weft.Cli.Hosting;

/// <summary>What the process's exit code tells a script.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int Usage = 2;
    public const int AgentUnreachable = 3;

    /// <summary>As a shell reports a process that SIGINT ended.</summary>
    public const int Interrupted = 130;

    /// <summary>As a shell reports a process that SIGPIPE ended: nobody reads the output any more.</summary>
    public const int BrokenPipe = 141;
}
