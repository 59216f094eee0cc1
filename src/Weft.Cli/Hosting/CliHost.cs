using System.Text;
using Weft.Api;
using Weft.Lab.State;

namespace Weft.Cli.Hosting;

/// <summary>What the command line needs from the machine, so that tests can give it another.</summary>
internal sealed class CliHost(Stream output, TextWriter error)
{
    private const int BufferSize = 32 * 1024;

    /// <summary>Buffered: commands that produce over time flush after each batch, all others are flushed at the end.</summary>
    public StreamWriter Output { get; } = new(output, new UTF8Encoding(false), BufferSize) { NewLine = "\n" };

    public TextWriter Error { get; } = error;

    /// <summary>The output is a terminal that shows colours to somebody who has not said no to them.</summary>
    public bool IsColorTerminal { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Socket of the agent of this machine's own, where it has one.</summary>
    public string OwnSocket { get; init; } = AgentClient.DefaultSocketPath;

    /// <summary>Where that agent pins its maps.</summary>
    public string OwnBpfRoot { get; init; } = "/sys/fs/bpf/weft";

    /// <summary>One directory a lab that is up.</summary>
    public string LabsDirectory { get; init; } = LabPaths.Labs;
}
