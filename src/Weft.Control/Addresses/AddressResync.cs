namespace Weft.Control.Addresses;

/// <summary>How many records a resync wrote because they were missing or differed, and how many it removed as nobody's.</summary>
public sealed record AddressResync(int Published, int Removed);
