using System.Buffers.Binary;
using System.Net;
using Weft.Model.Addressing;
using Weft.Model.Identities;
using Weft.Model.Labels;

namespace Weft.Policy.Resolution;

/// <summary>Gives numbers to the prefixes in use on a node.</summary>
/// <remarks>
/// The number that is tried first follows from the prefix, so a restarted agent usually finds the same as before without any record;
/// if it is taken, the next ones are tried. Not thread-safe.
/// </remarks>
public sealed class CidrIdentities
{
    private const uint ScopeSize = (1 << 24) - 1;

    /// <summary>An IPv6 address can be in 129 prefixes, a label set holds no more than 128 labels; the nearest are kept.</summary>
    private const int MostLabels = 100;

    private readonly uint _first;
    private readonly Label _kind;
    private readonly SortedDictionary<IPNetwork, Identity> _numbers = new(PrefixOrder.Instance);
    private readonly Dictionary<Identity, IPNetwork> _prefixes = [];

    private CidrIdentities(uint first, string kind)
    {
        _first = first;
        _kind = Label.Reserved(kind);
    }

    /// <summary>0x01000001 and on: addresses outside the cluster, with the label `reserved:world`.</summary>
    public static CidrIdentities ForWorld() => new(0x0100_0001, "world");

    /// <summary>0x02000001 and on: single nodes (prefixes of one address), with the label `reserved:remote-node`.</summary>
    public static CidrIdentities ForNodes() => new(0x0200_0001, "remote-node");

    public int Count => _numbers.Count;

    /// <summary>In the order of their addresses, the shorter before the longer.</summary>
    public IEnumerable<CidrIdentity> All => _numbers.Keys.Select(prefix => Find(prefix)!);

    /// <summary>Returns whether the prefix was not there. Longer prefixes inside it have a label more then.</summary>
    public bool Add(IPNetwork prefix)
    {
        if (_numbers.ContainsKey(prefix))
        {
            return false;
        }

        uint offset = Hash(prefix) % ScopeSize;
        while (_prefixes.ContainsKey(new Identity(_first + offset)))
        {
            offset = (offset + 1) % ScopeSize;
        }

        Identity number = new(_first + offset);
        _numbers.Add(prefix, number);
        _prefixes.Add(number, prefix);
        return true;
    }

    /// <summary>Returns whether the prefix was there. Longer prefixes inside it have a label less then.</summary>
    public bool Remove(IPNetwork prefix) => _numbers.Remove(prefix, out Identity number) && _prefixes.Remove(number);

    public bool Contains(Identity identity) => _prefixes.ContainsKey(identity);

    /// <summary>Null where the prefix has no identity.</summary>
    public CidrIdentity? Find(IPNetwork prefix) => _numbers.TryGetValue(prefix, out Identity number)
        ? new CidrIdentity(prefix, number, LabelSet.Create(_numbers.Keys.Where(outer => outer.Covers(prefix))
            .OrderByDescending(outer => outer.PrefixLength).Take(MostLabels).Select(CidrLabels.Of).Append(_kind)))
        : null;

    /// <summary>The longest that covers a prefix, or is it: as the ipcache finds that of an address. Null: none.</summary>
    public CidrIdentity? FindCovering(IPNetwork prefix)
    {
        for (int length = prefix.PrefixLength; length >= 0; length--)
        {
            if (Find(prefix.BaseAddress.Within(length)) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Prefixes inside another one, without itself.</summary>
    public IEnumerable<IPNetwork> Inside(IPNetwork outer) =>
        _numbers.Keys.Where(prefix => outer.Covers(prefix) && prefix.PrefixLength > outer.PrefixLength);

    /// <summary>FNV-1a, well mixed in the low bits by the last multiplication.</summary>
    private static uint Hash(IPNetwork prefix)
    {
        Span<byte> bytes = stackalloc byte[18];
        prefix.BaseAddress.TryWriteBytes(bytes, out int count);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[count..], (ushort)prefix.PrefixLength);
        uint hash = 2166136261;
        foreach (byte part in bytes[..(count + 2)])
        {
            hash = (hash ^ part) * 16777619;
        }

        return hash ^ (hash >> 15);
    }
}
