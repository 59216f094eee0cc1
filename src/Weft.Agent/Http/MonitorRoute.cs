using System.Collections.Immutable;
using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Weft.Abi;
using Weft.Api;
using Weft.Bpf;
using Weft.Control.Monitoring;
using Weft.Control.Node;
using Weft.Datapath.Events;
using Weft.Events;

namespace Weft.Agent.Http;

/// <summary>The stream of events: every record that the client asked for, and how many were lost.</summary>
/// <remarks>
/// While a client is connected the datapath makes the events that it wants. A client that does not read keeps its own queue full
/// and loses events; nobody waits for it.
/// </remarks>
/// <param name="agent">Whose events.</param>
/// <param name="rules">Names for the rules in policy verdicts; null: clients get their numbers only.</param>
internal sealed class MonitorRoute(NodeAgent agent, IRuleNames? rules = null)
{
    /// <summary>Bytes that may wait in the connection before events are left in the queue.</summary>
    private const int FlushBytes = 32 * 1024;

    private static readonly string s_bootId = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    public void Map(IEndpointRouteBuilder routes) => routes.Handle(HttpMethods.Get, ApiPaths.Monitor, StreamAsync);

    private async Task StreamAsync(HttpContext context)
    {
        EventInterest interest = ReadInterest(context.Request.Query);
        EventNames known = new();
        EventSieve sieve = new(ReadConditions(context.Request.Query), known);
        using EventSubscription events = agent.Events.Subscribe(interest);
        using NoticeHub.Subscription? notices = TypesOf(context.Request.Query).Contains(MonitorRequest.Agent) ? agent.Notices.Subscribe() : null;
        context.Response.ContentType = "application/octet-stream";
        await context.Response.StartAsync(context.RequestAborted).ConfigureAwait(false);
        PipeWriter body = context.Response.BodyWriter;
        MonitorFrameWriter frames = new(body);
        RuleTeller? teller = rules is null ? null : new RuleTeller(frames, rules);
        ImmutableSortedDictionary<string, string> names = WriteNames(frames, known);
        await body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        Task<bool> recordWait = events.Records.WaitToReadAsync(context.RequestAborted).AsTask();
        Task<bool>? noticeWait = notices?.Notices.WaitToReadAsync(context.RequestAborted).AsTask();
        while (await (noticeWait is null ? recordWait : await Task.WhenAny(recordWait, noticeWait).ConfigureAwait(false)).ConfigureAwait(false))
        {
            while (notices is not null && body.UnflushedBytes < FlushBytes && notices.Notices.TryRead(out AgentNotice? happened))
            {
                frames.WriteNotice(happened);
            }

            // An event of a new device comes after the name.
            names = ReferenceEquals(names, agent.InterfaceNames.Current) ? names : WriteNames(frames, known);
            while (body.UnflushedBytes < FlushBytes && events.Records.TryRead(out ReadOnlyMemory<byte> record))
            {
                if (!EventRecord.TryParse(record.Span, out EventRecord parsed))
                {
                    frames.WriteRecord(record.Span);
                }
                else if (sieve.Lets(parsed))
                {
                    teller?.TellOf(parsed);
                    frames.WriteRecord(record.Span);
                }
            }

            // What did not fit is newer than what was in the queue.
            WriteLost(frames, events, notices);
            await body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            recordWait = recordWait.IsCompleted ? events.Records.WaitToReadAsync(context.RequestAborted).AsTask() : recordWait;
            noticeWait = noticeWait is { IsCompleted: true } ? notices!.Notices.WaitToReadAsync(context.RequestAborted).AsTask() : noticeWait;
        }
    }

    private static void WriteLost(MonitorFrameWriter frames, EventSubscription events, NoticeHub.Subscription? notices)
    {
        if (events.TakeLostInKernel() is > 0 and ulong inKernel)
        {
            frames.WriteLost(inKernel, LostCause.RingFull);
        }

        if (events.TakeLostHere() + (notices?.TakeLost() ?? 0) is > 0 and ulong here)
        {
            frames.WriteLost(here, LostCause.ClientSlow);
        }
    }

    private ImmutableSortedDictionary<string, string> WriteNames(MonitorFrameWriter frames, EventNames known)
    {
        ImmutableSortedDictionary<string, string> names = agent.InterfaceNames.Current;
        MonitorNames sent = new()
        {
            Cpus = PossibleCpus.Count,
            RingBytes = agent.Pump.RingBytes,
            Node = agent.Local.Name.Value,
            TunnelPort = agent.Local.TunnelPort,
            BootId = s_bootId,
            Interfaces = names,
        };
        known.Update(sent);
        frames.WriteNames(sent);
        return names;
    }

    private static EventFilter ReadConditions(IQueryCollection query)
    {
        try
        {
            return EventFilter.FromQuery(key => query[key]);
        }
        catch (FormatException wrong)
        {
            throw new ApiRequestException(wrong.Message);
        }
    }

    private static EventInterest ReadInterest(IQueryCollection query)
    {
        EventMask kinds = EventMask.None;
        string[] types = TypesOf(query);
        foreach (string type in types)
        {
            kinds |= type switch
            {
                MonitorRequest.Drop => EventMask.Drop,
                MonitorRequest.Debug => EventMask.Debug,
                MonitorRequest.Trace => EventMask.Trace,
                MonitorRequest.Capture => EventMask.Capture,
                MonitorRequest.PolicyVerdict => EventMask.Policy,
                MonitorRequest.Agent => EventMask.None,
                _ => throw new ApiRequestException($"monitor events of type '{type}': there are agent, drop, debug, trace, capture and policy-verdict"),
            };
        }

        if (types.Length == 0)
        {
            throw new ApiRequestException("monitor: no types of event are given (for example ?types=drop,trace)");
        }

        return new EventInterest(kinds, [.. query["endpoint"].Select(ParseEndpoint)]);
    }

    private static string[] TypesOf(IQueryCollection query) =>
    [
        .. query["types"].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)),
    ];

    private static ushort ParseEndpoint(string? text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort id) && id != 0
            ? id
            : throw new ApiRequestException($"monitor endpoint '{text}': not a number from 1 to 65535");
}
