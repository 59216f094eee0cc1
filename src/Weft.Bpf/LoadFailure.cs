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

        string? reason = messages.LastOrDefault(static line => !SaysNothing().IsMatch(line));
        return reason is null
            ? new BpfException(attempt, errno)
            : new BpfException(attempt, errno, $"{WithoutNumber(reason, errno)} (errno {(int)errno})", BpfException.Advice(errno));
    }

    /// <summary>libbpf writes <c>Invalid argument(-22)</c>.</summary>
    private static string WithoutNumber(string reason, Errno errno) =>
        reason.TrimEnd('.').Replace($"{errno.Text()}(-{(int)errno})", errno.Text(), StringComparison.Ordinal);

    /// <summary>Lines that only repeat that the object did not load, or guess (at RLIMIT_MEMLOCK) where the error number says more.</summary>
    [GeneratedRegex("^(?:failed to load object|permission error while|Error in bpf_object__probe_loading)", RegexOptions.CultureInvariant)]
    private static partial Regex SaysNothing();

    [GeneratedRegex("^prog '([^']+)': (?:BPF program load failed|failed to load)", RegexOptions.CultureInvariant)]
    private static partial Regex RejectedProgram();
}
