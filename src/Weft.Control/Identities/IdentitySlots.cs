using System.Security.Cryptography;
using System.Text;
using Weft.Model.Identities;
using Weft.Model.Labels;

namespace Weft.Control.Identities;

/// <summary>The order in which numbers are tried for a label set: from a hash of its text upwards, round once.</summary>
/// <remarks>The same labels begin at the same number in every cluster, so a lab that is built again shows the same VNIs.</remarks>
internal static class IdentitySlots
{
    public static readonly uint Count = Identity.ClusterMax.Value - Identity.ClusterMin.Value + 1;

    public static uint Hash(LabelSet labels)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(labels.Canonical), digest);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(digest);
    }

    public static IEnumerable<Identity> InOrder(uint hash)
    {
        for (uint i = 0; i < Count; i++)
        {
            yield return new Identity(Identity.ClusterMin.Value + (uint)(((ulong)hash + i) % Count));
        }
    }
}
