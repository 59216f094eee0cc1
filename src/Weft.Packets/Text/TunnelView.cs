namespace Weft.Packets.Text;

/// <summary>What a summary says of the packet that carries another.</summary>
internal ref struct TunnelView
{
    private FlowView _carrier;
    private LayerKind _kind;
    private bool _isIPv6Inside;
    private ReadOnlySpan<byte> _header;

    public readonly bool IsEmpty => _kind == LayerKind.None;

    /// <summary>The tunnel has a header of its own; else an IP header follows another at once.</summary>
    public readonly bool IsHeader => _kind is LayerKind.Vxlan or LayerKind.Geneve or LayerKind.Gre;

    /// <summary>True where the packet that <paramref name="carrier"/> has gathered is the outside of a tunnel whose inside begins here.</summary>
    public static bool TryBegin(scoped in LayerReader layers, scoped in FlowView carrier, out TunnelView tunnel)
    {
        bool begins = layers.Kind switch
        {
            LayerKind.Vxlan => true,
            LayerKind.Geneve or LayerKind.Gre => layers.End != LayerEnd.UnknownType,
            LayerKind.IPv4 or LayerKind.IPv6 => carrier.HasNetwork,
            _ => false,
        };
        tunnel = begins
            ? new TunnelView { _carrier = carrier, _kind = layers.Kind, _isIPv6Inside = layers.Kind == LayerKind.IPv6, _header = layers.Data }
            : default;
        return begins;
    }

    public readonly void Write(Utf8Output output)
    {
        if (IsEmpty)
        {
            return;
        }

        output.Write(" [tunnel "u8);
        _carrier.WriteEnds(output);
        switch (_kind)
        {
            case LayerKind.Vxlan when VxlanHeader.TryParse(_header, out VxlanHeader vxlan):
                output.Write($" vxlan vni {vxlan.Vni}");
                break;
            case LayerKind.Geneve when GeneveHeader.TryParse(_header, out GeneveHeader geneve):
                output.Write($" geneve vni {geneve.Vni}");
                break;
            case LayerKind.Gre when GreHeader.TryParse(_header, out GreHeader gre):
                output.Write(" gre"u8);
                if (gre.HasKey)
                {
                    output.Write($" key {gre.Key}");
                }

                break;
            default:
                output.Write((_carrier.IsIPv6, _isIPv6Inside) switch
                {
                    (false, false) => " ipip"u8,
                    (false, true) => " 6in4"u8,
                    (true, false) => " 4in6"u8,
                    (true, true) => " 6in6"u8,
                });
                break;
        }

        output.Write("]"u8);
    }
}
