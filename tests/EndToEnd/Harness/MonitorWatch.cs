using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Weft.Tests.Shared;

namespace EndToEnd.Harness;

/// <summary>A running <c>weft monitor</c>, as a person in front of it: begins when it listens.</summary>
internal sealed class MonitorWatch : IDisposable
{
    private const string Greeting = "Press Ctrl-C to quit";

    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly BlockingCollection<string> _lines = [];
    private readonly List<string> _seen = [];
    private readonly Task _reading;
    private readonly Task<string> _errors;

    private MonitorWatch(RealLab lab, string[] arguments)
    {
        _process = WeftProgram.Start(WeftProgram.Path, ["--lab", lab.Name, "monitor", .. arguments]);
        _errors = _process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
        Next(line => line == Greeting);
    }

    /// <summary>Returns when events that happen from now on are printed.</summary>
    public static MonitorWatch Start(RealLab lab, params string[] arguments) => new(lab, arguments);

    /// <summary>The next line that fits.</summary>
    public string Next(Func<string, bool> fits)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (clock.Elapsed < s_deadline && _lines.TryTake(out string? line, s_deadline - clock.Elapsed))
        {
            _seen.Add(line);
            if (fits(line))
            {
                return line;
            }
        }

        throw new TimeoutException($"no such line of weft monitor in {clock.Elapsed.TotalSeconds:0} s; there were:\n{string.Join('\n', _seen.TakeLast(40))}\n{(_errors.IsCompleted ? _errors.Result : "")}");
    }

    /// <summary>All lines up to the end that Ctrl-C or the monitor itself makes.</summary>
    public IReadOnlyList<string> End(bool interrupt = true)
    {
        if (interrupt)
        {
            Tool.Run("kill", "-INT", _process.Id.ToString(CultureInfo.InvariantCulture));
        }

        if (!_reading.Wait(s_deadline) || !_process.WaitForExit(s_deadline))
        {
            throw new TimeoutException($"weft monitor still runs; it has printed:\n{string.Join('\n', _seen.TakeLast(40))}");
        }

        _seen.AddRange(_lines.GetConsumingEnumerable());
        return _seen;
    }

    public int ExitCode => _process.ExitCode;

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        _lines.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _lines.Add(line);
        }

        _lines.CompleteAdding();
    }
}
