using Weft.Cli.Hosting;

namespace Weft.Cli.Tests.Support;

/// <summary>A machine as the command line finds it: its own agent, and labs. By default it has neither.</summary>
internal sealed record Machine
{
    public static Machine Empty { get; } = new();

    public string OwnSocket { get; init; } = "/nonexistent/weft.sock";

    public string OwnBpfRoot { get; init; } = "/nonexistent/bpf";

    public string LabsDirectory { get; init; } = "/nonexistent/lab";

    public CliHost ToHost(Stream output, TextWriter error) => new(output, error)
    {
        Clock = new FixedClock(),
        OwnSocket = OwnSocket,
        OwnBpfRoot = OwnBpfRoot,
        LabsDirectory = LabsDirectory,
    };
}
