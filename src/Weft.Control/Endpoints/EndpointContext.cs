using Microsoft.Extensions.Logging;
using Weft.Control.Addresses;
using Weft.Control.Conntrack;
using Weft.Control.Identities;
using Weft.Control.Ipam;
using Weft.Control.Node;
using Weft.Control.Policy;
using Weft.Control.State;
using Weft.Datapath.Attaching;
using Weft.Datapath.Devices;
using Weft.Datapath.Maps;

namespace Weft.Control.Endpoints;

/// <summary>All that making, changing and removing an endpoint touches.</summary>
public sealed record EndpointContext
{
    public required StateDirectory State { get; init; }

    public required AddressPools Pools { get; init; }

    public required IdentityAllocator Identities { get; init; }

    public required AddressRegistry Addresses { get; init; }

    public required LocalNode Node { get; init; }

    public required PodDevices Devices { get; init; }

    public required DeviceRemover DeviceRemover { get; init; }

    public required EndpointEntries Entries { get; init; }

    public required NodePolicy Policy { get; init; }

    public required IpcacheEntries Ipcache { get; init; }

    public required NodeAttachments Attachments { get; init; }

    public required ConntrackForgetter Conntrack { get; init; }

    /// <summary>Whether the store is known to be out of reach.</summary>
    public required Func<bool> IsStoreAway { get; init; }

    /// <summary>Called when the store could not be told something: the resync has to do it as soon as it can.</summary>
    public required Action Postponed { get; init; }

    public required TimeProvider Clock { get; init; }

    public required ILoggerFactory Loggers { get; init; }
}
