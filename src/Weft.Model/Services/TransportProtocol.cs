namespace Weft.Model.Services;

/// <summary>What can be balanced, by the protocol's number in an IP header.</summary>
public enum TransportProtocol : byte
{
    Tcp = 6,
    Udp = 17,
}
