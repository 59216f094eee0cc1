using System.Net;
using Weft.Model.Services;

namespace Weft.Services;

/// <summary>What a client calls. The unspecified address of a family (0.0.0.0, ::) stands for every address of a node.</summary>
public readonly record struct FrontendKey(IPAddress Address, ushort Port, TransportProtocol Protocol)
{
    public override string ToString() => $"{AddressPort.Text(Address, Port)}/{Protocol.ToText()}";
}
