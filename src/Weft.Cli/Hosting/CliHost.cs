using Weft.Api;

namespace Weft.Cli.Hosting;

/// <summary>What the command line needs from the machine, so that tests can give it another.</summary>
internal sealed record CliHost
{
    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Socket of the agent of this machine's own, where it has one.</summary>
    public string OwnSocket { get; init; } = AgentClient.DefaultSocketPath;

    /// <summary>Where that agent pins its maps.</summary>
    public string OwnBpfRoot { get; init; } = "/sys/fs/bpf/weft";

    /// <summary>One directory a lab that is up.</summary>
    public string LabsDirectory { get; init; } = "/run/weft/lab";
}
