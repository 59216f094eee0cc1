namespace Weft.Bpf.Links;

/// <summary>Which packets of a device a program sees.</summary>
public enum TcDirection
{
    /// <summary>Those that arrive at the device, before the network stack.</summary>
    Ingress = 0,

    /// <summary>Those that leave through it.</summary>
    Egress = 1,
}
