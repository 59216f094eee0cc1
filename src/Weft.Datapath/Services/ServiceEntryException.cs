using Weft.Bpf;
using Weft.Linux;

namespace Weft.Datapath.Services;

/// <summary>One service, backend or table could not be written; what the datapath had of it before is as it was.</summary>
public sealed class ServiceEntryException : Exception
{
    internal ServiceEntryException(string attempt, string why)
        : base($"{attempt}: {why}")
    {
    }

    internal ServiceEntryException(string attempt, BpfException cause)
        : base($"{attempt}: {cause.Message}", cause) => IsFull = Tells(cause);

    /// <summary>A map has no room; the message names it. Others of its kind keep working, and a later try may find room.</summary>
    public bool IsFull { get; }

    internal static bool Tells(BpfException cause) => cause.Errno is Errno.E2BIG or Errno.ENOSPC;
}
