using System.Globalization;
using System.Runtime.CompilerServices;
using Weft.Api.Tracing;
using Weft.Control.Node;
using Weft.Datapath.Conntrack;
using Weft.Datapath.Devices;
using Weft.Linux;
using Weft.Netlink.Netfilter;
using Weft.Netlink.Netfilter.Tracing;

namespace Weft.Control.Netfilter;

/// <summary>Packets of one flow on their way through this node's netfilter rules, from when it is opened until it is disposed.</summary>
/// <remarks>One reader. The rules that turn tracing on are there just as long, also if the process is killed.</remarks>
public sealed class NetfilterTrace : IDisposable
{
    private readonly NodeAgent _agent;
    private readonly TimeProvider _clock;
    private readonly FlowFilter _flow;
    private readonly FlowPackets _before;
    private readonly NetfilterTables _tables;
    private readonly TraceMonitor _monitor;
    private readonly TraceTable _table;
    private readonly TraceCollator _collator;
    private readonly NetfilterRuleCache _rules;

    private NetfilterTrace(NodeAgent agent, TraceFilter filter, TimeProvider clock)
    {
        _agent = agent;
        _clock = clock;
        _flow = new FlowFilter
        {
            Protocol = filter.Protocol,
            Source = filter.Source,
            Destination = filter.Destination,
            SourcePort = filter.SourcePort,
            DestinationPort = filter.DestinationPort,
        };
        TraceTable.RemoveLeftovers();
        _tables = NetfilterTables.Open();
        try
        {
            // It listens before anything is traced; it counts the datapath's packets before netfilter's.
            _monitor = TraceMonitor.Open();
            _before = agent.Kernel.Conntrack.CountPackets(_flow);
            _table = TraceTable.Create(filter with { TunnelPort = agent.Local.TunnelPort });
        }
        catch
        {
            _monitor?.Dispose();
            _tables.Dispose();
            throw;
        }

        _collator = new TraceCollator(_table.Name);
        _rules = new NetfilterRuleCache(_tables);
    }

    /// <summary>Names the trace; also its table's name.</summary>
    public string Id => _table.Name;

    /// <summary>What the listener is to know first.</summary>
    public NetfilterTraceStart Start => new()
    {
        Node = _agent.Local.Name.Value,
        Id = Id,
        LegacyTables =
        [
            .. LegacyTables.List().Select(static table =>
                $"{table.Family.ToWord()} {table.Name} ({table.Rules} {(table.Rules == 1 ? "rule" : "rules")})"),
        ],
    };

    public static NetfilterTrace Open(NodeAgent agent, TraceFilter filter, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(filter);
        return new NetfilterTrace(agent, filter, clock);
    }

    /// <summary>Yields steps until cancelled; null where some were lost.</summary>
    public async IAsyncEnumerable<NetfilterStep?> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (TraceStep? step in _monitor.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (step is null)
            {
                yield return null;
            }
            else if (_collator.Add(step) is { } packet)
            {
                yield return Describe(step, packet);
            }
        }
    }

    /// <summary>What was counted so far.</summary>
    public NetfilterTraceSummary Summarize()
    {
        // Netfilter's count first: what comes in between is counted by the datapath alone, and passes for what netfilter did not see.
        IReadOnlyList<TraceHits> hits = _table.ReadHits();
        return new NetfilterTraceSummary
        {
            Node = _agent.Local.Name.Value,
            NetfilterPackets = ByHook(hits.Where(static hit => !hit.InTunnel)),
            TunnelPackets = ByHook(hits.Where(static hit => hit.InTunnel)),
            DatapathPackets = _agent.Kernel.Conntrack.CountPackets(_flow).Since(_before),
            TracedPackets = (ulong)_collator.Count,
            OverlayDevice = OverlayDevice.Name,
            EndpointDevices = Devices(),
        };
    }

    public void Dispose()
    {
        _table.Dispose();
        _monitor.Dispose();
        _tables.Dispose();
    }

    private NetfilterStep Describe(TraceStep step, long packet)
    {
        bool begins = _collator.IsBeginning(step);
        NetfilterChain? chain = _rules.ChainOf(step);
        return new NetfilterStep
        {
            Time = _clock.GetUtcNow(),
            Monotonic = MonotonicClock.Nanoseconds,
            Node = _agent.Local.Name.Value,
            Packet = packet,
            TraceId = step.Id,
            Family = step.Family.ToWord(),
            Table = step.Table,
            Chain = step.Chain,
            Hook = chain?.HookName,
            Priority = chain?.Priority,
            Type = begins ? NetfilterStep.Begin : WordOf(step.Type),
            Handle = step.Type == TraceStepType.Rule && !begins ? step.RuleHandle : null,
            RuleText = begins ? null : _rules.RuleOf(step)?.Text,
            Verdict = step.Verdict.ToString(),
            Mark = step.Mark == 0 ? null : step.Mark,
            Headers = NetfilterPacketReader.Read(step, _agent.Local.TunnelPort, NameOf),
        };
    }

    private static string WordOf(TraceStepType type) => type switch
    {
        TraceStepType.Rule => NetfilterStep.Rule,
        TraceStepType.Return => NetfilterStep.Return,
        _ => NetfilterStep.Policy,
    };

    private string? NameOf(IfIndex index) =>
        _agent.InterfaceNames.Current.GetValueOrDefault(index.Value.ToString(CultureInfo.InvariantCulture));

    private string[] Devices() =>
    [
        .. _agent.Endpoints.Table.All.Select(static endpoint => endpoint.Record)
            .Where(endpoint => endpoint.Addresses.Any(IsOfFlow))
            .Select(static endpoint => endpoint.HostInterface).Order(StringComparer.Ordinal),
    ];

    private bool IsOfFlow(System.Net.IPAddress address) =>
        (_flow.Source?.Contains(address) ?? false) || (_flow.Destination?.Contains(address) ?? false);

    private static Dictionary<string, ulong> ByHook(IEnumerable<TraceHits> hits) => hits
        .GroupBy(static hit => hit.Hook).ToDictionary(static group => group.Key, static group => group.Aggregate(0UL, static (sum, hit) => sum + hit.Packets));
}
