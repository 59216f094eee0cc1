using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Weft.Api;
using Weft.Api.Tracing;
using Weft.Control.Endpoints;
using Weft.Control.Node;
using Weft.Datapath.Events;
using Weft.Datapath.Tracing;
using Weft.Linux;
using Weft.Model.Endpoints;

namespace Weft.Agent.Http;

/// <summary>Packets that a client follows, and those that it has sent for that.</summary>
internal sealed class TraceRoutes(NodeAgent agent)
{
    private static readonly TimeSpan s_longestProbe = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, CancellationTokenSource> _running = new(StringComparer.Ordinal);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Handle(HttpMethods.Get, ApiPaths.TraceHops, StreamAsync);
        routes.Handle(HttpMethods.Delete, ApiPaths.TraceHops + "/{id}", EndAsync);
        routes.Handle(HttpMethods.Post, ApiPaths.TraceProbe, ProbeAsync);
    }

    private async Task StreamAsync(HttpContext context)
    {
        IQueryCollection query = context.Request.Query;
        HopTracerOptions options = HopRequestReader.Read(query, agent.Local.TunnelPort, agent.Endpoints.Table.All.Select(endpoint => endpoint.Record));
        EventInterest interest = new(HopRequestReader.ReadEvents(query), []) { WatchedOnly = true };
        using EventSubscription events = agent.Events.Subscribe(interest);
        using HopTracer tracer = new(agent.Tracers, agent.Kernel.Datapath.Maps.Watched, options with
        {
            Namespaces = query["all-namespaces"] == "true" ? null : [],
        });
        using CancellationTokenSource end = new();
        string id = Guid.NewGuid().ToString("n");
        HopStreamOptions settings = new(id, options.Stacks.Count > 0, HopRequestReader.ReadPods(query), options.Devices, HopRequestReader.ReadFunctions(query));
        HopStream stream = new(agent, tracer, events, settings, context.Response.BodyWriter);
        stream.AddNamespaces();
        _running[id] = end;
        try
        {
            context.Response.ContentType = "application/octet-stream";
            await context.Response.StartAsync(context.RequestAborted).ConfigureAwait(false);
            await stream.RunAsync(end.Token, context.RequestAborted).ConfigureAwait(false);
        }
        finally
        {
            _running.TryRemove(id, out _);
        }
    }

    private async Task EndAsync(HttpContext context)
    {
        string id = context.PathValue("id");
        if (!_running.TryRemove(id, out CancellationTokenSource? end))
        {
            await ApiWriter.WriteErrorAsync(
                context, StatusCodes.Status404NotFound, "trace-not-found", $"end stream of hops '{id}': no such stream runs").ConfigureAwait(false);
            return;
        }

        await end.CancelAsync().ConfigureAwait(false);
        context.Response.StatusCode = StatusCodes.Status200OK;
    }

    private async Task ProbeAsync(HttpContext context)
    {
        ProbeRequest request = await ApiWriter.ReadAsync(context, ApiJson.Default.ProbeRequest).ConfigureAwait(false);
        PacketProbe probe = Read(request);
        ProbeResult result = await SendAsync(request, probe).ConfigureAwait(false);
        await ApiWriter.WriteAsync(context, Show(result), ApiJson.Default.ProbeAnswer).ConfigureAwait(false);
    }

    private async Task<ProbeResult> SendAsync(ProbeRequest request, PacketProbe probe)
    {
        if (request.Endpoint is not { } id)
        {
            return await Task.Run(probe.Send).ConfigureAwait(false);
        }

        EndpointRecord record = agent.Endpoints.Table.All.FirstOrDefault(candidate => candidate.Id.Value == id)?.Record
            ?? throw new EndpointException(EndpointError.NotFound, $"send a probe from endpoint {id}: this node has none of that number");
        using NetworkNamespace netns = NetworkNamespace.Open(record.NetnsPath);
        return await netns.RunAsync(probe.Send).ConfigureAwait(false);
    }

    private static PacketProbe Read(ProbeRequest request)
    {
        ProtocolType protocol = request.Protocol switch
        {
            ProbeRequest.Icmp => ProtocolType.Icmp,
            ProbeRequest.Tcp => ProtocolType.Tcp,
            ProbeRequest.Udp => ProtocolType.Udp,
            _ => throw new ApiRequestException($"send a probe by '{request.Protocol}': there are icmp, tcp and udp"),
        };
        if (!IPAddress.TryParse(request.Destination, out IPAddress? destination))
        {
            throw new ApiRequestException($"send a probe to '{request.Destination}': it is not an address");
        }

        bool hasPort = request.Port is > 0 and <= ushort.MaxValue;
        if (protocol != ProtocolType.Icmp && !hasPort)
        {
            throw new ApiRequestException($"send a probe to port '{request.Port}': it is a number from 1 to 65535");
        }

        if (request.SourcePort is < 1 or > ushort.MaxValue || request.Size is < 0 or > 65000 || request.Ttl is < 0 or > 255)
        {
            throw new ApiRequestException("send a probe: source-port is from 1 to 65535, size up to 65000, ttl up to 255");
        }

        TimeSpan timeout = TimeSpan.FromMilliseconds(request.TimeoutMilliseconds);
        return timeout > TimeSpan.Zero && timeout <= s_longestProbe
            ? new PacketProbe
            {
                Protocol = protocol,
                Destination = new IPEndPoint(destination, hasPort ? request.Port!.Value : 0),
                SourcePort = (ushort)request.SourcePort,
                Size = request.Size,
                Ttl = request.Ttl,
                DontFragment = request.DontFragment,
                Timeout = timeout,
            }
            : throw new ApiRequestException($"send a probe and wait {request.TimeoutMilliseconds} ms: it is from 1 to {s_longestProbe.TotalMilliseconds}");
    }

    private static ProbeAnswer Show(ProbeResult result) => new()
    {
        Outcome = JsonNamingPolicy.KebabCaseLower.ConvertName(result.Outcome.ToString()),
        Detail = result.Detail,
        RoundTripMicroseconds = result.RoundTrip?.TotalMicroseconds,
    };
}
