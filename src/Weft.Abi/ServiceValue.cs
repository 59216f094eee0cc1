using System.Runtime.InteropServices;

namespace Weft.Abi;

/// <summary>Value of map <c>weft_services</c>.</summary>
[BtfStruct("weft_service")]
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct ServiceValue
{
    /// <summary>Of the frontend, never 0.</summary>
    public uint Id;

    /// <summary>Seconds since last use; 0: no affinity.</summary>
    public uint AffinityTimeout;

    public ServiceFlags Flags;

    /// <summary>Of the slots that are valid.</summary>
    public ushort Generation;

    /// <summary>Backends by <see cref="ServiceList"/>; without any, clients are refused at once.</summary>
    public ServiceCounts Count;
}
