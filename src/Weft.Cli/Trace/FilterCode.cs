using Weft.Cli.Hosting;
using Weft.Linux.Filters;

namespace Weft.Cli.Trace;

/// <summary>Filters of the command line as agents take them.</summary>
internal static class FilterCode
{
    /// <exception cref="UsageException">libpcap cannot read it; the message says where.</exception>
    public static byte[] Compile(string filter)
    {
        try
        {
            return PcapFilter.Compile(filter);
        }
        catch (PcapFilterException error)
        {
            throw new UsageException(error.Message);
        }
    }
}
