namespace Datapath.Harness;

/// <summary>What a <see cref="Segment"/> carries: every kind that has something to be translated.</summary>
public enum Carried
{
    Tcp,
    Udp,

    /// <summary>Without a checksum, which IPv4 allows.</summary>
    UdpUnchecked,

    /// <summary>A ping's question where the source has a port (the identifier), its answer where the destination has.</summary>
    Echo,
}
