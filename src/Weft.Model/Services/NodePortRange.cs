namespace Weft.Model.Services;

/// <summary>The ports of a node's own addresses that may belong to services: Kubernetes' default range.</summary>
/// <remarks>The datapath looks for a service only in this range, so that a packet to another port of a node costs no lookup.</remarks>
public static class NodePortRange
{
    public const ushort First = 30000;
    public const ushort Last = 32767;

    public static bool Contains(int port) => port is >= First and <= Last;
}
