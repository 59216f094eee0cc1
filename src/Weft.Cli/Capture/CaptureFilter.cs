using System.Globalization;
using System.Net;
using Weft.Cli.Hosting;
using Weft.Cli.Trace;
using Weft.Linux.Filters;

namespace Weft.Cli.Capture;

/// <summary>Which packets, as words of the command line say it: an expression, and names that become one.</summary>
/// <param name="Expression">As tcpdump takes it; empty: all.</param>
/// <param name="From">Who sends; null: anybody.</param>
/// <param name="To">Who is to get it; null: anybody.</param>
/// <param name="Flow">Two ends whose packets in both directions are meant; empty: any.</param>
/// <param name="Protocol">As in a filter: <c>tcp</c>, <c>icmp6</c>; null: any.</param>
/// <param name="Port">Of either end; null: any.</param>
internal sealed record CaptureFilter(string Expression, string? From, string? To, IReadOnlyList<string> Flow, string? Protocol, int? Port)
{
    /// <summary>All of it as one expression; empty: all packets.</summary>
    public string ToExpression(TraceWorld world)
    {
        List<string> parts = [];
        if (From is not null)
        {
            parts.Add(Hosts(world, From, "src"));
        }

        if (To is not null)
        {
            parts.Add(Hosts(world, To, "dst"));
        }

        foreach (string end in Flow)
        {
            parts.Add(Hosts(world, end, ""));
        }

        if (Protocol is not null)
        {
            parts.Add(Protocol);
        }

        if (Port is { } port)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"port {port}"));
        }

        if (Expression.Length > 0)
        {
            parts.Add(parts.Count == 0 ? Expression : $"({Expression})");
        }

        return string.Join(" and ", parts);
    }

    /// <exception cref="UsageException">It cannot be read: libpcap says why.</exception>
    public static byte[] Compile(string expression)
    {
        try
        {
            return PcapFilter.Compile(expression);
        }
        catch (PcapFilterException error)
        {
            throw new UsageException(error.Message);
        }
    }

    private static string Hosts(TraceWorld world, string name, string direction)
    {
        (IReadOnlyList<IPAddress> addresses, int? port) = world.FindAll(name);
        string side = direction.Length > 0 ? direction + " " : "";
        string hosts = string.Join(" or ", addresses.Select(address => $"{side}host {address}"));
        string all = addresses.Count > 1 ? $"({hosts})" : hosts;
        return port is { } number ? string.Create(CultureInfo.InvariantCulture, $"{all} and {side}port {number}") : all;
    }
}
