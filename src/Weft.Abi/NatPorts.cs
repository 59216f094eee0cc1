namespace Weft.Abi;

/// <summary>Source ports that translation gives.</summary>
[BtfEnum("weft_nat_ports")]
public enum NatPorts
{
    PortMin = 32768,
    PortMax = 65535,
}
