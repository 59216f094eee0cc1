namespace Weft.Control.Ipam;

/// <summary>The pool did not give the address; it is as it was.</summary>
public sealed class AddressPoolException(AddressPoolError error, string message) : Exception(message)
{
    public AddressPoolError Error { get; } = error;
}
