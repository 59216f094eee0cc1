using Weft.Control.Ipam;
using Weft.Datapath;
using Weft.Linux;
using Weft.Store;

namespace Weft.Control.Endpoints;

/// <summary>Gives the failures of the layers below the kind that the API answers with.</summary>
internal static class EndpointFailures
{
    /// <returns>Null for what is no failure of the system: cancellation, or a defect.</returns>
    public static EndpointException? Describe(string attempt, Exception error) => error switch
    {
        EndpointException known => known,
        AddressPoolException { Error: AddressPoolError.RangeFull } full => new(EndpointError.Exhausted, $"{attempt}: {full.Message}", full),
        AddressPoolException { Error: AddressPoolError.Taken } taken => new(EndpointError.Conflict, $"{attempt}: {taken.Message}", taken),
        AddressPoolException refused => new(EndpointError.Invalid, $"{attempt}: {refused.Message}", refused),
        LinuxException { Errno: Errno.EEXIST } exists => new(EndpointError.Conflict, $"{attempt}: {exists.Message}", exists),
        LinuxException or DatapathException or StoreException or IOException => new(
            EndpointError.Failed, $"{attempt}: {error.Message}", error),
        _ => null,
    };
}
