using System.Text.RegularExpressions;
using Weft.Linux;

namespace Weft.Bpf;

/// <summary>Turns what libbpf and the verifier said about a failed load into one exception.</summary>
internal static partial class LoadFailure
{
    public static BpfException Explain(string attempt, Errno errno, IReadOnlyList<string> messages, string verifierLog)
    {
        string? program = messages.Select(static line => RejectedProgram().Match(line)).LastOrDefault(static match => match.Success)?.Groups[1].Value;
        if (program is not null && verifierLog.Length > 0)
        {
            return new VerifierException(attempt, program, errno, verifierLog);
        }

        if (program is not null)
        {
            return new BpfException($"{attempt}: program {program}", errno);
        }

        // The last line only repeats that the object did not load; the one before says why.
        string? reason = messages.LastOrDefault(static line =>
            !line.StartsWith("failed to load object", StringComparison.Ordinal) && !line.StartsWith("permission error while", StringComparison.Ordinal));
        return reason is null
            ? new BpfException(attempt, errno)
            : new BpfException(attempt, errno, $"{reason.TrimEnd('.')} (errno {(int)errno})", BpfException.Advice(errno));
    }

    [GeneratedRegex("^prog '([^']+)': (?:BPF program load failed|failed to load)", RegexOptions.CultureInvariant)]
    private static partial Regex RejectedProgram();
}
