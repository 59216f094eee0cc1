using Weft.Lab;

namespace Weft.Cli.Lab;

/// <summary>Shows how far the building of a lab has come: one line that is redrawn on a terminal, a line a finished piece elsewhere.</summary>
/// <remarks>Writes to the error stream, so that what a script reads stays clean.</remarks>
internal sealed class LabProgressPrinter : IProgress<LabProgress>
{
    private const string ClearLine = "\r\e[K";

    private readonly TextWriter _error;
    private readonly bool _isTerminal;
    private readonly Lock _lock = new();

    public LabProgressPrinter(TextWriter error, bool isTerminal)
    {
        _error = error;
        _isTerminal = isTerminal;
    }

    public void Report(LabProgress value)
    {
        lock (_lock)
        {
            string line = $"{value.Work}: {value.Done} of {value.Total}";
            if (_isTerminal)
            {
                _error.Write($"{ClearLine}{line}");
                _error.Flush();
            }
            else if (value.IsDone)
            {
                _error.WriteLine(line);
            }
        }
    }

    /// <summary>Takes the redrawn line away, so that what follows begins on a clean one.</summary>
    public void Finish()
    {
        lock (_lock)
        {
            if (_isTerminal)
            {
                _error.Write(ClearLine);
                _error.Flush();
            }
        }
    }

    /// <summary>A line between the progress.</summary>
    public void Say(string line)
    {
        Finish();
        _error.WriteLine(line);
    }
}
