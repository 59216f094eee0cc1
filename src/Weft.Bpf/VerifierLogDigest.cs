using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Weft.Linux;

namespace Weft.Bpf;

/// <summary>The few lines of a verifier log that say what is wrong: verdict, instruction, source line, registers near it.</summary>
/// <remarks>The log is text for people and differs between kernels (5.10 to 6.18 seen), so nothing here may fail on an unknown line.</remarks>
internal sealed partial record VerifierLogDigest(string Error, IReadOnlyList<string> Context, int OmittedLines)
{
    private const int MaxErrorLines = 3;
    private const int MaxInstructions = 6;

    public static VerifierLogDigest Of(string log)
    {
        string[] lines = log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int end = lines.Length;
        while (end > 0 && Statistics().IsMatch(lines[end - 1]))
        {
            end--;
        }

        int verdict = end;
        while (verdict > 0 && end - verdict < MaxErrorLines && !Trace().IsMatch(lines[verdict - 1]))
        {
            verdict--;
        }

        List<string> context = ContextBefore(lines, verdict);
        string error = string.Join("; ", lines[verdict..end].Select(static line => line.Trim()));
        return new(error, context, lines.Length - context.Count - (end - verdict));
    }

    public string ToText(Errno errno)
    {
        StringBuilder text = new(Error.Length > 0 ? Error : errno.Describe());
        foreach (string line in Context)
        {
            text.Append("\n  ").Append(line);
        }

        if (OmittedLines > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  ({OmittedLines} lines of the verifier log omitted)");
        }

        return text.ToString();
    }

    /// <summary>From the last source line on, or the last few instructions of it; each carries the registers it changed.</summary>
    private static List<string> ContextBefore(string[] lines, int verdict)
    {
        List<string> context = [];
        int at = verdict - 1;
        for (; at >= 0 && context.Count < MaxInstructions && !Source().IsMatch(lines[at]); at--)
        {
            if (!Noise().IsMatch(lines[at]))
            {
                context.Insert(0, lines[at].TrimEnd());
            }
        }

        while (at >= 0 && !Source().IsMatch(lines[at]))
        {
            at--;
        }

        if (at >= 0)
        {
            context.Insert(0, lines[at].TrimEnd());
        }

        return context;
    }

    [GeneratedRegex(@"^(processed \d+ insns|verification time|stack depth|max_states)", RegexOptions.CultureInvariant)]
    private static partial Regex Statistics();

    /// <summary>An instruction, a register state, a source line or bookkeeping: what the verifier did, not what it says about it.</summary>
    [GeneratedRegex(
        @"^(\d+: |; |from \d+ to \d+|func#|mark_precise|regs=|last_idx|parent |\s*(frame\d+:\s*)?R\d+(_\w+)?=|caller:|callee:|returning from|Func#|Validating |propagating)",
        RegexOptions.CultureInvariant)]
    private static partial Regex Trace();

    [GeneratedRegex("^(mark_precise|regs=|last_idx|parent |func#|propagating)", RegexOptions.CultureInvariant)]
    private static partial Regex Noise();

    [GeneratedRegex("^; ", RegexOptions.CultureInvariant)]
    private static partial Regex Source();
}
