// include/uapi/asm-generic/signal.h: those that are sent on purpose.
using System.Diagnostics.CodeAnalysis;

namespace Weft.Linux.Processes;

/// <summary>Numbers of signals.</summary>
[SuppressMessage("Design", "CA1008", Justification = "0 is no signal")]
public enum ProcessSignal
{
    SIGINT = 2,
    SIGKILL = 9,
    SIGTERM = 15,
    SIGCONT = 18,
    SIGSTOP = 19,
}
