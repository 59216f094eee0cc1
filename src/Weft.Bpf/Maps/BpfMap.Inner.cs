using System.Runtime.InteropServices;
using Weft.Linux;

namespace Weft.Bpf.Maps;

/// <content>Maps of maps: what is in them, and what the kernel will take.</content>
public sealed partial class BpfMap
{
    /// <summary>Stores an inner map in an array or hash of maps, replacing the one before it in one step.</summary>
    /// <remarks>Returns only when no program works with the one before it any more: it waits for an RCU grace period.</remarks>
    public void SetInnerMap<TKey>(in TKey key, BpfMap inner)
        where TKey : unmanaged => As<TKey, int>().Update(key, inner.Fd.Number);

    /// <summary>Opens the inner map that a map of maps has for a key; null where there is none.</summary>
    public BpfMap? TryOpenInner<TKey>(in TKey key)
        where TKey : unmanaged => As<TKey, uint>().TryLookup(key, out uint id) ? TryOpenById(new BpfMapId(id)) : null;

    /// <summary>All that keeps this map from being used for another definition, inner maps included; empty when it fits.</summary>
    public IReadOnlyList<string> DifferencesFrom(BpfMapSpec wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        IReadOnlyList<string> outer = Schema.DifferencesFrom(wanted.Schema);
        return outer.Count > 0 ? outer : InnerDifferencesFrom(wanted.InnerSchema);
    }

    /// <summary>How the maps in this map of maps differ from a schema; empty when they are alike or there can be none.</summary>
    /// <remarks>
    /// The kernel does not show what it was told of inner maps. One that is there shows it; an empty hash of maps is asked whether
    /// it would take one; an empty array of maps cannot be asked without changing it, and counts as alike.
    /// </remarks>
    public IReadOnlyList<string> InnerDifferencesFrom(BpfMapSchema? wanted)
    {
        if (wanted is not { } inner || !Schema.IsMapOfMaps)
        {
            return [];
        }

        if (FirstInnerSchema() is { } found)
        {
            // Inner hashes need not have the size of each other (bpf_map_meta_equal, Linux 5.10).
            BpfMapSchema alike = found.Type == BpfMapType.Hash ? found with { MaxEntries = inner.MaxEntries } : found;
            return [.. alike.DifferencesFrom(inner).Select(difference => $"inner {difference}")];
        }

        return Schema.Type == BpfMapType.HashOfMaps && !EmptyTakes(inner) ? [$"inner maps are none such as {inner.Type} of {inner.MaxEntries} entries"] : [];
    }

    /// <summary>Null when it has gone by now.</summary>
    internal static BpfMap? TryOpenById(BpfMapId id)
    {
        try
        {
            return OpenById(id);
        }
        catch (BpfException e) when (e.Errno == Errno.ENOENT)
        {
            return null;
        }
    }

    private BpfMapSchema? FirstInnerSchema()
    {
        using BpfMapCursor cursor = Walk();
        while (cursor.MoveNext())
        {
            using BpfMap? inner = TryOpenById(new BpfMapId(MemoryMarshal.Read<uint>(cursor.Value)));
            if (inner is not null)
            {
                return inner.Schema;
            }
        }

        return null;
    }

    /// <summary>Asks for the replacement of an element that is not there: EINVAL is about the inner map, ENOENT about the element.</summary>
    private bool EmptyTakes(BpfMapSchema schema)
    {
        using BpfMap probe = Create(new BpfMapDefinition
        {
            Name = "probe",
            Type = schema.Type,
            KeySize = schema.KeySize,
            ValueSize = schema.ValueSize,
            MaxEntries = schema.MaxEntries,
            Flags = schema.Flags,
        });
        int fd = probe.Fd.Number;
        int result = UpdateCore(new byte[Schema.KeySize], MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in fd)), BpfUpdate.Exist);
        return (Errno)(-result) switch
        {
            Errno.ENOENT or Errno.None => true,
            Errno.EINVAL => false,
            _ => throw Failure("ask for the inner maps of", result),
        };
    }
}
