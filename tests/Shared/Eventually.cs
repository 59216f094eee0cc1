using System.Diagnostics;
using System.Text;
using Xunit.Sdk;

namespace Weft.Tests.Shared;

/// <summary>Waits for a condition that nothing announces, with a deadline; on failure tells what every try saw.</summary>
/// <remarks>Only for states of other processes and of the kernel without an event. Where there is an event, wait on that.</remarks>
public static class Eventually
{
    private const int KeptTries = 20;

    public static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(10);

    /// <summary>Repeats an assertion until it throws no more.</summary>
    public static void Passes(Action assertion, TimeSpan? deadline = null) => Passes(
        () =>
        {
            assertion();
            return true;
        },
        deadline);

    /// <summary>Repeats a query until it throws no more, and returns its result.</summary>
    public static T Passes<T>(Func<T> query, TimeSpan? deadline = null)
    {
        Tries tries = new(deadline ?? DefaultDeadline);
        while (true)
        {
            try
            {
                return query();
            }
            catch (Exception exception) // the retry loop's edge: the last one is reported with the rest
            {
                tries.Failed(exception.Message);
                if (tries.IsOver)
                {
                    throw tries.Failure(exception);
                }
            }

            Thread.Sleep(tries.Pause());
        }
    }

    /// <summary>Repeats an asynchronous query until its result fits; <paramref name="what"/> names the condition.</summary>
    public static async Task<T> BecomesAsync<T>(string what, Func<Task<T>> query, Func<T, bool> fits, TimeSpan? deadline = null)
    {
        Tries tries = new(deadline ?? DefaultDeadline);
        while (true)
        {
            Exception? thrown = null;
            try
            {
                T value = await query().ConfigureAwait(false);
                if (fits(value))
                {
                    return value;
                }

                tries.Failed($"{what}: not yet: {value}");
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                thrown = exception;
                tries.Failed($"{what}: {exception.Message}");
            }

            if (tries.IsOver)
            {
                throw tries.Failure(thrown);
            }

            await Task.Delay(tries.Pause()).ConfigureAwait(false);
        }
    }

    /// <summary>Awaits a task that an event completes, but not for ever.</summary>
    public static async Task<T> ArrivesAsync<T>(string what, Task<T> task, TimeSpan? deadline = null)
    {
        TimeSpan limit = deadline ?? DefaultDeadline;
        try
        {
            return await task.WaitAsync(limit).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new XunitException($"{what}: did not happen within {limit.TotalSeconds} s");
        }
    }

    private sealed class Tries(TimeSpan deadline)
    {
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private readonly Queue<string> _log = new();
        private int _count;

        public bool IsOver => _clock.Elapsed >= deadline;

        public void Failed(string message)
        {
            _count++;
            _log.Enqueue($"  {_clock.Elapsed.TotalSeconds,7:F3} s: {message}");
            if (_log.Count > KeptTries)
            {
                _log.Dequeue();
            }
        }

        /// <summary>Short at first, for conditions that are nearly there; at most 100 ms.</summary>
        public TimeSpan Pause() => TimeSpan.FromMilliseconds(Math.Min(100, 1 << Math.Min(_count, 7)));

        public XunitException Failure(Exception? last)
        {
            StringBuilder text = new();
            text.AppendLine(System.Globalization.CultureInfo.InvariantCulture,
                $"not reached within {deadline.TotalSeconds} s; {_count} tries, the last {_log.Count}:");
            text.AppendJoin('\n', _log);
            return new XunitException(text.ToString(), last);
        }
    }
}
