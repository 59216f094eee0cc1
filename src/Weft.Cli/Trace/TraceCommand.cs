using System.CommandLine;
using Weft.Cli.Hosting;
using Weft.Cli.Trace.Netfilter;

namespace Weft.Cli.Trace;

/// <summary><c>weft trace …</c>.</summary>
internal static class TraceCommand
{
    public static Command Create(CommandFactory factory) => CommandFactory.Group(
        "trace", "Follows packets on their way through nodes.", NetfilterTraceCommand.Create(factory));
}
