using System.Diagnostics;
using System.Text.RegularExpressions;
using Weft.Tests.Shared;

namespace EndToEnd.Harness;

/// <summary>A 'weft capture' that captures from when this object is there until it is told to end, or ends by itself.</summary>
internal sealed partial class CaptureProcess : IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private Task<string> _output;

    /// <param name="readsOutput">False: its output fills up.</param>
    public CaptureProcess(RealLab lab, bool readsOutput, params string[] arguments)
    {
        _process = WeftProgram.Start(WeftProgram.Path, ["--lab", lab.Name, "capture", .. arguments]);
        Greeting = _process.StandardError.ReadLine() ?? "";
        Assert.StartsWith("Capturing on ", Greeting, StringComparison.Ordinal);
        _output = readsOutput ? _process.StandardOutput.ReadToEndAsync() : Task.FromResult("");
    }

    public CaptureProcess(RealLab lab, params string[] arguments)
        : this(lab, readsOutput: true, arguments)
    {
    }

    public string Greeting { get; }

    public int ExitCode => _process.ExitCode;

    /// <summary>What it said at its end.</summary>
    public string Closing { get; private set; } = "";

    public long Captured => long.Parse(Counts().Match(Closing).Groups["captured"].Value, System.Globalization.CultureInfo.InvariantCulture);

    public long Lost => long.Parse(Counts().Match(Closing).Groups["lost"].Value, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Reads from now on.</summary>
    public void ReadOutput() => _output = _process.StandardOutput.ReadToEndAsync();

    /// <summary>As Ctrl-C.</summary>
    public string[] Interrupt()
    {
        Tool.Run("kill", "-INT", $"{_process.Id}");
        return Lines();
    }

    /// <summary>What it wrote, when it has ended.</summary>
    public string[] Lines()
    {
        string text = _output.WaitAsync(s_deadline).GetAwaiter().GetResult();
        Assert.True(_process.WaitForExit(s_deadline));
        Closing = _process.StandardError.ReadToEnd();
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    [GeneratedRegex(@"^(?<captured>\d+) packets? captured on \d+ nodes?, (?<lost>\d+) lost", RegexOptions.Multiline)]
    private static partial Regex Counts();
}
