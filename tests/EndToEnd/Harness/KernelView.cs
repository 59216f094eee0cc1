using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Weft.Bpf;

namespace EndToEnd.Harness;

/// <summary>'weft trace kernel' while it runs, with what it prints.</summary>
internal sealed class KernelView : IDisposable
{
    /// <summary>Enough for attaching to all functions of an emulated kernel.</summary>
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(120);

    private readonly Process _trace;
    private readonly BlockingCollection<string> _lines = [];
    private readonly BlockingCollection<string> _notes = [];
    private readonly Task _reading;

    private KernelView(Process trace)
    {
        _trace = trace;
        _reading = Task.WhenAll(CollectAsync(trace.StandardOutput, _lines), CollectAsync(trace.StandardError, _notes));
    }

    /// <summary>Whether the running kernel lets programs run at its functions.</summary>
    public static bool HasFunctions => KernelFeatures.HasKprobeMulti();

    /// <summary>Returns when packets are followed.</summary>
    public static KernelView Follow(RealLab lab, params string[] arguments)
    {
        KernelView view = new(WeftProgram.Start(WeftProgram.Path, ["--lab", lab.Name, "trace", "kernel", "-o", "json", .. arguments]));
        try
        {
            view.Note("Following packets on");
            return view;
        }
        catch
        {
            view.Dispose();
            throw;
        }
    }

    /// <summary>Waits for a line on standard error that has these words.</summary>
    public string Note(string words)
    {
        List<string> seen = [];
        while (_notes.TryTake(out string? line, s_deadline))
        {
            if (line.Contains(words, StringComparison.Ordinal))
            {
                return line;
            }

            seen.Add(line);
        }

        throw new InvalidOperationException($"weft trace kernel did not say '{words}', but:\n{string.Join('\n', seen)}");
    }

    /// <summary>Reads until each of these was met by a line.</summary>
    public IReadOnlyList<JsonElement> Until(params Func<JsonElement, bool>[] wanted)
    {
        List<JsonElement> seen = [];
        List<Func<JsonElement, bool>> left = [.. wanted];
        Stopwatch clock = Stopwatch.StartNew();
        while (left.Count > 0)
        {
            TimeSpan rest = s_deadline - clock.Elapsed;
            if (rest <= TimeSpan.Zero || !_lines.TryTake(out string? line, rest))
            {
                throw new TimeoutException($"weft trace kernel printed no line that is wanted ({wanted.Length - left.Count} of {wanted.Length} were there), but:\n{string.Join('\n', seen)}");
            }

            seen.Add(JsonDocument.Parse(line).RootElement);
            left.RemoveAll(condition => condition(seen[^1]));
        }

        return seen;
    }

    public void Dispose()
    {
        _trace.Kill();
        _trace.WaitForExit();
        _reading.GetAwaiter().GetResult();
        _trace.Dispose();
        _lines.Dispose();
        _notes.Dispose();
    }

    private static async Task CollectAsync(StreamReader from, BlockingCollection<string> to)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            to.Add(line);
        }

        to.CompleteAdding();
    }
}
