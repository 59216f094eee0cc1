using System.Net.Sockets;
using System.Text.Json;
using Weft.Api;
using Weft.Api.Tracing;
using Weft.Cli.Hosting;
using Weft.Datapath.Tracing;
using Weft.Events.Hops;
using Weft.Lab.Programs;

namespace Weft.Cli.Trace;

/// <summary>Sends one packet and follows it, and what comes of it, over all nodes.</summary>
internal sealed class TraceRun(TraceWorld world, TraceOptions options)
{
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(2);

    /// <summary>Bytes of a datagram that every link takes (RFC 791 says 576, with room for headers and a tunnel's).</summary>
    private const int SmallSize = 400;

    /// <summary>Traces one packet. One that is large and is lost on the wire is followed by a small one, to tell a link that takes neither from an MTU.</summary>
    public async Task<TraceResult> RunAsync(TraceEnd source, TraceEnd destination, CancellationToken cancellationToken)
    {
        TraceResult result = await PolicyCulprit.ExplainAsync(
            await SendAsync(source, destination, options.Size, cancellationToken), world.Nodes, cancellationToken);
        if (result.Diagnosis.Culprit is not { Kind: CulpritKind.NotOnWire, Hop: { } lost } || options.Size <= SmallSize)
        {
            return result;
        }

        TraceResult small = await SendAsync(source, destination, SmallSize, cancellationToken);
        return small.Diagnosis.Outcome == TraceDiagnosis.Answered
            ? result with { Diagnosis = TraceDiagnostician.BlameMtu(result.Diagnosis, lost, SmallSize) }
            : result;
    }

    private async Task<TraceResult> SendAsync(TraceEnd source, TraceEnd destination, int size, CancellationToken cancellationToken)
    {
        bool isIPv6 = destination.Address!.AddressFamily == AddressFamily.InterNetworkV6;
        string protocol = options.ProtocolFor(destination.Port);
        ushort port = TraceOptions.PickPort();
        HopRequest request = new()
        {
            Protocol = (byte)TraceOptions.NumberOf(protocol, isIPv6),
            Port = port,
            Events = [MonitorRequest.Trace, MonitorRequest.Drop],
            Stacks = ["drop", "consumed"],
        };
        ProbeAnswer answer;
        TraceStreams streams = await TraceStreams.OpenAsync(world.Nodes, request, keeps: true, progress: null, cancellationToken);
        await using (streams)
        {
            world.RequireNode();
            answer = await ProbeAsync(source, destination, protocol, port, size, cancellationToken);
            await streams.SettleAsync(s_quiet, s_settle, cancellationToken);
        }

        Sighting[] seen = [.. streams.Seen];
        ClockAlignment clocks = ClockAlignment.Of(seen, streams.BootIds);
        TraceFindings findings = new()
        {
            Ways = HopJoiner.Join(seen, clocks, flow => flow.SourcePort == port),
            SenderOutcome = answer.Outcome,
            SenderDetail = answer.Detail,
            Nodes = world.NodeAddresses,
            Pods = world.PodAddresses,
            Silent = world.Silent,
            Traced = world.Traced,
            Lost = streams.Lost,
        };
        TimeSpan? roundTrip = answer.RoundTripMicroseconds is { } time ? TimeSpan.FromMicroseconds(time) : null;
        return new TraceResult($"{protocol} from {source} to {destination}", findings, TraceDiagnostician.Diagnose(findings), clocks, roundTrip);
    }

    private Task<ProbeAnswer> ProbeAsync(TraceEnd source, TraceEnd destination, string protocol, ushort port, int size, CancellationToken cancellationToken)
    {
        if (source.Kind == TraceEndKind.Outside)
        {
            return Task.Run(() => SendFromOutside(source, destination, protocol, port, size), cancellationToken);
        }

        TraceNode node = world.Nodes.FirstOrDefault(node => node.Name == source.Node)
            ?? throw new UsageException($"trace from '{source.Name}': it is on no node that can be asked from here (trace running traffic with --live)");
        return node.Fault is { } fault
            ? throw new UsageException($"trace from '{source.Name}': the agent of {node.Name} would have to send the packet: {fault}")
            : node.Agent.ProbeAsync(
                new ProbeRequest
                {
                    Endpoint = source.Endpoint,
                    Protocol = protocol,
                    Destination = destination.Address!.ToString(),
                    Port = destination.Port,
                    SourcePort = port,
                    Size = size,
                    Ttl = options.Ttl,
                    DontFragment = options.DontFragment,
                    TimeoutMilliseconds = (int)options.Timeout.TotalMilliseconds,
                },
                cancellationToken);
    }

    /// <summary>A host without an agent: this process opens the socket there itself.</summary>
    private ProbeAnswer SendFromOutside(TraceEnd source, TraceEnd destination, string protocol, ushort port, int size)
    {
        PacketProbe probe = new()
        {
            Protocol = protocol switch
            {
                ProbeRequest.Tcp => ProtocolType.Tcp,
                ProbeRequest.Udp => ProtocolType.Udp,
                _ => ProtocolType.Icmp,
            },
            Destination = new(destination.Address!, destination.Port ?? 0),
            SourcePort = port,
            Size = size,
            Ttl = options.Ttl,
            DontFragment = options.DontFragment,
            Timeout = options.Timeout,
        };
        ProbeResult result = LabMember.Find(world.Lab!, source.Name).Run(probe.Send);
        return new ProbeAnswer
        {
            Outcome = JsonNamingPolicy.KebabCaseLower.ConvertName(result.Outcome.ToString()),
            Detail = result.Detail,
            RoundTripMicroseconds = result.RoundTrip?.TotalMicroseconds,
        };
    }
}
