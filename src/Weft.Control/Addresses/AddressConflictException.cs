namespace Weft.Control.Addresses;

/// <summary>Another node publishes the address; its record stands.</summary>
public sealed class AddressConflictException(string message) : Exception(message);
