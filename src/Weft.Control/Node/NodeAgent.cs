using Microsoft.Extensions.Logging;
using Weft.Control.Cluster;
using Weft.Control.Controllers;
using Weft.Control.Endpoints;
using Weft.Control.Health;
using Weft.Control.Identities;
using Weft.Control.Ipam;
using Weft.Control.Monitoring;
using Weft.Control.Services;
using Weft.Datapath.Events;
using Weft.Datapath.Tracing;
using Weft.Store;

namespace Weft.Control.Node;

/// <summary>A node that runs: its endpoints, its view of the cluster, and the loops that keep the datapath in step.</summary>
/// <remarks>Disposing stops the loops and closes descriptors. What forwards stays as it is.</remarks>
public sealed partial class NodeAgent : IAsyncDisposable
{
    private readonly Stack<Func<ValueTask>> _cleanup = new();
    private readonly UndoStack _undo = new();
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _log;
    private readonly TimeProvider _clock;

    private NodeAgent(TimeProvider clock, ILoggerFactory loggers)
    {
        _clock = clock;
        _loggers = loggers;
        _log = loggers.CreateLogger<NodeAgent>();
        Controllers = new ControllerSet(clock, Random.Shared.NextDouble);
        Notices = new NoticeHub(clock);
    }

    private event Action? StorePostponed;

    public LocalNode Local { get; private set; } = null!;

    public NodeKernel Kernel { get; private set; } = null!;

    public IStore Store { get; private set; } = null!;

    public AddressPools Pools { get; private set; } = null!;

    /// <summary>Addresses that the ipcache marks as services'.</summary>
    public ServiceAddressSet ServiceAddresses { get; } = new();

    public IdentityAllocator Identities { get; private set; } = null!;

    public EndpointLifecycle Endpoints { get; private set; } = null!;

    public DeferredDeletionCollector DeferredDeletions { get; private set; } = null!;

    public ClusterView Cluster { get; private set; } = null!;

    public NodeServices Services { get; private set; } = null!;

    public ControllerSet Controllers { get; }

    public EventHub Events { get; } = new();

    public EventPump Pump { get; private set; } = null!;

    /// <summary>Bits of those that follow packets.</summary>
    public TracerSlots Tracers { get; private set; } = null!;

    public EventPolicy EventPolicy { get; private set; } = null!;

    public InterfaceNames InterfaceNames { get; private set; } = null!;

    /// <summary>Null: switched off.</summary>
    public ClusterHealth? Health { get; private set; }

    /// <summary>Brings the node up, or takes over from the agent before; returns when the node forwards.</summary>
    /// <remarks>On a failure of a node's first start nothing is left; on that of a restart everything is as it was.</remarks>
    public static async Task<NodeAgent> StartAsync(
        NodeSettings settings, TimeProvider clock, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        NodeAgent agent = new(clock, loggers);
        try
        {
            await agent.BringUpAsync(settings, cancellationToken).ConfigureAwait(false);
            return agent;
        }
        catch
        {
            // No loop may do again what is taken back.
            await agent.Controllers.DisposeAsync().ConfigureAwait(false);
            await agent._undo.UnwindAsync(agent.LogUndoFailed).ConfigureAwait(false);
            await agent.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Events.Close();
        await Controllers.DisposeAsync().ConfigureAwait(false);
        while (_cleanup.TryPop(out Func<ValueTask>? step))
        {
            await step().ConfigureAwait(false);
        }
    }

    [LoggerMessage(EventId = 4, Level = LogLevel.Error, Message = "undo failed step='{What}'")]
    private partial void LogUndoFailed(string what, Exception failure);
}
