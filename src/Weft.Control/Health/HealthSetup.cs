using Weft.Control.Cluster;
using Weft.Control.Controllers;
using Weft.Control.Endpoints;
using Weft.Control.Monitoring;
using Weft.Control.Node;
using Weft.Control.Nodes;
using Weft.Datapath.Devices;

namespace Weft.Control.Health;

/// <summary>The parts of the node that its health checks build on.</summary>
internal sealed record HealthSetup
{
    public required LocalNode Local { get; init; }

    public required ClusterView Cluster { get; init; }

    public required EndpointLifecycle Endpoints { get; init; }

    public required PodDevices Devices { get; init; }

    public required NodeRegistration Registration { get; init; }

    public required InterfaceNames InterfaceNames { get; init; }

    public required ControllerSet Controllers { get; init; }

    public required TimeProvider Clock { get; init; }
}
