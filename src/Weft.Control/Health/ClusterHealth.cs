using System.Net;
using Weft.Control.Cluster;
using Weft.Control.Controllers;
using Weft.Control.Node;
using Weft.Linux;
using Weft.Model.Endpoints;
using Weft.Model.Nodes;

namespace Weft.Control.Health;

/// <summary>This node's part in the cluster's health checks: it answers probes, at two places, and probes the others.</summary>
public sealed class ClusterHealth : IAsyncDisposable
{
    /// <summary>Answers on the node's own addresses, in the node's namespace.</summary>
    private const string ResponderName = "health-responder";

    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    private readonly HealthSetup _setup;
    private readonly HealthEndpoint _endpoint;
    private readonly HealthProber _prober;
    private readonly Controller _endpointController;
    private readonly Controller _responderController;
    private readonly Dictionary<IPAddress, HelloListener> _responders = [];

    internal ClusterHealth(HealthSetup setup, TimeSpan? interval)
    {
        _setup = setup;
        _endpoint = new HealthEndpoint(setup.Endpoints, setup.Registration, setup.Clock);
        _responderController = setup.Controllers.Start(
            new ControllerSpec(ResponderName, _ => RespondAsync()) { Interval = s_interval, RunAtStart = false });
        _endpointController = setup.Controllers.Start(
            new ControllerSpec(HealthEndpoint.ControllerName, token => _endpoint.EnsureAsync(IsConnected, token))
            {
                Interval = s_interval,
                RunAtStart = false,
            });
        _prober = new HealthProber(
            new HealthProberSetup
            {
                Nodes = () => NodesOf(setup.Local, _endpoint.Addresses, setup.Cluster),
                Icmp = new EchoProbe(setup.Clock).RunAsync,
                Http = new HelloProbe(setup.Clock).RunAsync,
                Interval = interval,
            },
            setup.Controllers,
            setup.Clock);
        setup.Cluster.Changed += _prober.NodesChanged;
        setup.InterfaceNames.Removed += NoteRemoved;
    }

    public HealthReport Report => _prober.Report;

    /// <summary>Where this node's health endpoint answers; null while there is none.</summary>
    public HealthAddresses? EndpointAddresses => _endpoint.Addresses;

    /// <summary>Why the node cannot be probed as it should be; null: it can.</summary>
    public string? Failure => new[] { _responderController.Status, _endpointController.Status }
        .FirstOrDefault(status => !status.IsHealthy)?.LastFailureMessage;

    /// <summary>Begins to answer, then to probe. What cannot be set up is told by <see cref="Failure"/> and tried again.</summary>
    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (Controller controller in (Controller[])[_responderController, _endpointController])
        {
            try
            {
                await controller.RunNowAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested) // the controller keeps it, and the status shows it
            {
            }
        }

        _prober.Start();
    }

    /// <summary>Probes everything now, and returns when all results are there.</summary>
    public Task ProbeAsync(CancellationToken cancellationToken) => _prober.RunNowAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _setup.Cluster.Changed -= _prober.NodesChanged;
        _setup.InterfaceNames.Removed -= NoteRemoved;
        await _prober.DisposeAsync().ConfigureAwait(false);
        await _endpoint.DisposeAsync().ConfigureAwait(false);
        foreach (HelloListener responder in _responders.Values)
        {
            await responder.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <remarks>
    /// A record from the store is checked: a health endpoint has an address of its node's pods, and no node makes this one probe others'.
    /// </remarks>
    internal static IReadOnlyList<ProbedNode> NodesOf(LocalNode local, HealthAddresses? health, ClusterView cluster) =>
    [
        new ProbedNode(local.Name, local.Addresses, [.. AddressesOf(health)]),
        .. cluster.Nodes.Values.OrderBy(node => node.Name.Value, StringComparer.Ordinal).Select(node => new ProbedNode(
            node.Name, node.Addresses,
            [.. AddressesOf(node.Health).Where(address => node.PodCidrs.Any(cidr => cidr.Contains(address)))])),
    ];

    private static IEnumerable<IPAddress> AddressesOf(HealthAddresses? health) =>
        new[] { health?.IPv4, health?.IPv6 }.OfType<IPAddress>();

    /// <summary>An address that cannot be listened on (yet) keeps no other from being.</summary>
    private Task RespondAsync()
    {
        HealthException? failure = null;
        foreach (IPAddress address in _setup.Local.Addresses.Where(address => !_responders.ContainsKey(address)))
        {
            try
            {
                _responders.Add(address, new HelloListener(HelloListener.Listen(address), _setup.Clock));
            }
            catch (HealthException error)
            {
                failure ??= error;
            }
        }

        return failure is null ? Task.CompletedTask : Task.FromException(failure);
    }

    private bool IsConnected(EndpointRecord record) =>
        _setup.Devices.Find(record.HostInterface) == new IfIndex(record.HostIfindex);

    private void NoteRemoved(string device)
    {
        if (device == HealthEndpoint.HostInterface)
        {
            _endpointController.Trigger();
        }
    }
}
