using Weft.Linux;

namespace Weft.Bpf;

/// <summary>The verifier rejected a program. The message has the lines of its log that matter; <see cref="Log"/> has all.</summary>
public sealed class VerifierException : BpfException
{
    internal VerifierException(string attempt, string program, Errno errno, string log)
        : this(attempt, program, errno, log, VerifierLogDigest.Of(log))
    {
    }

    private VerifierException(string attempt, string program, Errno errno, string log, VerifierLogDigest digest)
        : base($"{attempt}: program {program} rejected", errno, digest.ToText(errno), advice: null)
    {
        Program = program;
        Log = log;
        Error = digest.Error;
        OmittedLines = digest.OmittedLines;
    }

    public string Program { get; }

    /// <summary>The verifier's verdict alone, such as <c>R2 invalid mem access 'scalar'</c>; empty when the log has none.</summary>
    public string Error { get; }

    /// <summary>The whole log (its end, where it was longer than <see cref="BpfLoadOptions.VerifierLogBytes"/> and the kernel is 6.4 or newer).</summary>
    public string Log { get; }

    /// <summary>Lines of <see cref="Log"/> that the message leaves out.</summary>
    public int OmittedLines { get; }
}
