using System.Diagnostics.CodeAnalysis;

namespace Weft.Model.Services;

/// <summary>The words of Kubernetes for protocols.</summary>
public static class TransportProtocols
{
    public const string Tcp = "TCP";
    public const string Udp = "UDP";
    /// <summary>Kubernetes has it, nothing here balances it.</summary>
    public const string Sctp = "SCTP";

    public static bool TryParse([NotNullWhen(true)] string? text, out TransportProtocol protocol)
    {
        protocol = text == Udp ? TransportProtocol.Udp : TransportProtocol.Tcp;
        return text is Tcp or Udp;
    }

    public static string ToText(this TransportProtocol protocol) => protocol switch
    {
        TransportProtocol.Tcp => Tcp,
        TransportProtocol.Udp => Udp,
        _ => $"protocol {(byte)protocol}",
    };
}
