using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Weft.Api;
using Weft.Api.Tracing;
using Weft.Control.Netfilter;
using Weft.Control.Node;
using Weft.Netlink.Netfilter.Tracing;
using Weft.Packets;

namespace Weft.Agent.Http;

/// <summary>Streams of steps of packets through the node's netfilter rules, a JSON object a line.</summary>
/// <remarks>A trace lasts until its client hangs up, or until somebody deletes it, by which the client gets the summary.</remarks>
internal sealed class NetfilterTraceRoutes(NodeAgent agent)
{
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _running = new(StringComparer.Ordinal);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Handle(HttpMethods.Get, ApiPaths.NetfilterTrace, StreamAsync);
        routes.Handle(HttpMethods.Delete, ApiPaths.NetfilterTrace + "/{id}", EndAsync);
    }

    private async Task StreamAsync(HttpContext context)
    {
        using NetfilterTrace trace = NetfilterTrace.Open(agent, ReadFilter(context.Request.Query), TimeProvider.System);
        using CancellationTokenSource end = new();
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, end.Token);
        _running[trace.Id] = end;
        try
        {
            context.Response.ContentType = "application/x-ndjson";
            await WriteAsync(context, new NetfilterTraceFrame { Start = trace.Start }).ConfigureAwait(false);
            try
            {
                await foreach (NetfilterStep? step in trace.ReadAsync(either.Token).ConfigureAwait(false))
                {
                    await WriteAsync(context, step is null ? new NetfilterTraceFrame { Lost = true } : new NetfilterTraceFrame { Step = step })
                        .ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
            {
                await WriteAsync(context, new NetfilterTraceFrame { Summary = trace.Summarize() }).ConfigureAwait(false);
            }
        }
        finally
        {
            _running.TryRemove(trace.Id, out _);
        }
    }

    private async Task EndAsync(HttpContext context)
    {
        string id = context.PathValue("id");
        if (!_running.TryRemove(id, out CancellationTokenSource? end))
        {
            await ApiWriter.WriteErrorAsync(
                context, StatusCodes.Status404NotFound, "trace-not-found", $"end trace '{id}': no such trace runs").ConfigureAwait(false);
            return;
        }

        await end.CancelAsync().ConfigureAwait(false);
        context.Response.StatusCode = StatusCodes.Status200OK;
    }

    private static async Task WriteAsync(HttpContext context, NetfilterTraceFrame frame)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(frame, ApiJson.Default.NetfilterTraceFrame), (byte)'\n'];
        await context.Response.BodyWriter.WriteAsync(line, context.RequestAborted).ConfigureAwait(false);
    }

    private static TraceFilter ReadFilter(IQueryCollection query)
    {
        TraceFilter filter = new()
        {
            Protocol = ReadProtocol(query["proto"]),
            Source = ReadNetwork("src", query["src"]),
            Destination = ReadNetwork("dst", query["dst"]),
            SourcePort = ReadPort("sport", query["sport"]),
            DestinationPort = ReadPort("dport", query["dport"]),
        };
        return filter.Contradiction() is { } contradiction ? throw new ApiRequestException($"trace packets: {contradiction}") : filter;
    }

    private static byte? ReadProtocol(string? text) => text switch
    {
        null or "" => null,
        "icmp" => (byte)IPProtocol.Icmpv4,
        "icmpv6" or "icmp6" or "ipv6-icmp" => (byte)IPProtocol.Icmpv6,
        "tcp" => (byte)IPProtocol.Tcp,
        "udp" => (byte)IPProtocol.Udp,
        "sctp" => (byte)IPProtocol.Sctp,
        _ => byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out byte number)
            ? number
            : throw new ApiRequestException($"trace packets of protocol '{text}': it is tcp, udp, sctp, icmp, icmpv6 or a number up to 255"),
    };

    private static IPNetwork? ReadNetwork(string name, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (IPNetwork.TryParse(text, out IPNetwork network))
        {
            return network;
        }

        return IPAddress.TryParse(text, out IPAddress? address)
            ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : throw new ApiRequestException($"trace packets, {name} '{text}': neither an address nor a network (10.0.0.1, 10.0.0.0/24)");
    }

    private static ushort? ReadPort(string name, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            ? port
            : throw new ApiRequestException($"trace packets, {name} '{text}': not a number up to 65535");
    }
}
