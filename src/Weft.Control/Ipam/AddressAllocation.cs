using System.Net;

namespace Weft.Control.Ipam;

/// <summary>An address that is in use. A reservation ends by itself unless it is confirmed.</summary>
public sealed record AddressAllocation(IPAddress Address, string Owner, bool IsReservation);
