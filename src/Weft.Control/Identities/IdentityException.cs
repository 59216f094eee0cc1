namespace Weft.Control.Identities;

/// <summary>No identity could be given to a label set.</summary>
public sealed class IdentityException(string message) : Exception(message);
