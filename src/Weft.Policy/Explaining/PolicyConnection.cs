namespace Weft.Policy.Explaining;

/// <summary>A connection, or anything that is like one.</summary>
/// <param name="Port">Of the destination, in host byte order; for ICMP the type.</param>
public readonly record struct PolicyConnection(FlowEnd Source, FlowEnd Destination, byte Protocol, ushort Port)
{
    public override string ToString() => $"{Source} -> {Destination} {new PolicyFlow(Source.Identity, Destination.Identity, Protocol, Port).PortText}";
}
