namespace Weft.Abi;

/// <summary>How a service is reached.</summary>
[Flags]
[BtfEnum("weft_service_flags")]
public enum ServiceFlags : ushort
{
    None = 0,

    /// <summary>ClusterIP: not for the world.</summary>
    ClusterOnly = 1 << 0,

    /// <summary>From outside only for the addresses in <c>weft_source_ranges</c>.</summary>
    SourceRanges = 1 << 1,

    /// <summary>From outside the backend is picked from <c>weft_maglev</c> instead of a slot.</summary>
    Maglev = 1 << 2,

    /// <summary>A remote backend's node answers the client itself.</summary>
    Dsr = 1 << 3,
}
