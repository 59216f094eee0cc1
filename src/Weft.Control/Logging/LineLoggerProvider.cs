using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Weft.Control.Logging;

/// <summary>Writes one line an event to stderr: time, level, source, message, and the exception's messages where there is one.</summary>
public sealed class LineLoggerProvider(TextWriter output, TimeProvider clock) : ILoggerProvider
{
    private readonly ConcurrentDictionary<string, LineLogger> _loggers = new();
    private readonly Lock _output = new();

    public ILogger CreateLogger(string categoryName) =>
        _loggers.GetOrAdd(categoryName, static (name, self) => new LineLogger(self, name[(name.LastIndexOf('.') + 1)..]), this);

    public void Dispose() => output.Flush();

    private void Write(LogLevel level, string source, string message, Exception? error)
    {
        string time = clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture);
        string line = $"{time} {Name(level)} {source}: {message}{Describe(error)}".ReplaceLineEndings(" | ");
        lock (_output)
        {
            output.WriteLine(line);
        }
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info ",
        LogLevel.Warning => "warn ",
        _ => "error",
    };

    // A stack trace is for a defect; what the system refused is told by the messages from outer to inner.
    private static string Describe(Exception? error) => error switch
    {
        null => "",
        NullReferenceException or InvalidCastException or IndexOutOfRangeException or ArgumentException => $": {error}",
        { InnerException: { } inner } when !error.Message.Contains(inner.Message, StringComparison.Ordinal) =>
            $": {error.Message}{Describe(inner)}",
        _ => $": {error.Message}",
    };

    private sealed class LineLogger(LineLoggerProvider provider, string source) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            provider.Write(logLevel, source, formatter(state, exception), exception);
    }
}
