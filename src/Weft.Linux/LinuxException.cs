using System.Runtime.InteropServices;

namespace Weft.Linux;

/// <summary>A system call that the kernel refused.</summary>
/// <remarks>The message reads <c>what was tried, on what: text (errno N)</c>, then advice in brackets where there is any.</remarks>
public class LinuxException : IOException
{
    public LinuxException(string attempt, Errno errno, string? advice = null)
        : base(Compose(attempt, errno.Describe(), advice))
    {
        Attempt = attempt;
        Errno = errno;
    }

    /// <summary>For layers that put more between the attempt and the advice than the error number's text.</summary>
    protected LinuxException(string attempt, Errno errno, string reason, string? advice)
        : base(Compose(attempt, reason, advice))
    {
        Attempt = attempt;
        Errno = errno;
    }

    public Errno Errno { get; }

    /// <summary>What was tried and on what, for a caller that composes its own message.</summary>
    public string Attempt { get; }

    /// <summary>The error that the last P/Invoke with <c>SetLastError</c> on this thread left.</summary>
    public static LinuxException FromLastError(string attempt, string? advice = null) =>
        new(attempt, LastError, advice);

    internal static Errno LastError => (Errno)Marshal.GetLastPInvokeError();

    private static string Compose(string attempt, string reason, string? advice) =>
        advice is null ? $"{attempt}: {reason}" : $"{attempt}: {reason} ({advice})";
}
