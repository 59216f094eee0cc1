namespace Weft.Cni.Protocol;

/// <summary>Addresses that a runtime asks for; null: whatever is free.</summary>
internal sealed record AddressRequest(string? IPv4, string? IPv6, string? Mac);
