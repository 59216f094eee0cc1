namespace Weft.Control.Ipam;

/// <summary>Why an address could not be given.</summary>
public enum AddressPoolError
{
    RangeFull,
    OutOfRange,
    /// <summary>Network, broadcast or router address.</summary>
    Reserved,
    Taken,
}
