namespace Weft.Control.Ipam;

/// <summary>What can be wrong between addresses, endpoints, devices and maps.</summary>
public enum AllocationProblemKind
{
    /// <summary>The pool holds an address that no endpoint has: it is lost until the agent starts again.</summary>
    AddressWithoutEndpoint,

    /// <summary>The pool could give the endpoint's address to another one.</summary>
    EndpointWithoutAddress,

    /// <summary>The pod's device is gone, or another one has its name.</summary>
    EndpointWithoutDevice,

    /// <summary>A pod's device that belongs to no endpoint.</summary>
    DeviceWithoutEndpoint,

    /// <summary>The datapath does not know the endpoint, or something else of it.</summary>
    EndpointWithoutEntry,

    /// <summary>The datapath knows of an endpoint that is none.</summary>
    EntryWithoutEndpoint,
}
