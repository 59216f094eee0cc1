using System.IO.Hashing;

namespace Weft.Services;

/// <summary>The lookup table of Maglev (Eisenbud et al., NSDI 2016, section 3.4): slots filled by the backends in turn.</summary>
/// <remarks>
/// Each backend has its own order of preference over the slots, so that a table hardly changes when one comes or goes, and gets
/// the same share of them, give or take one. The table depends on the set of backends alone, byte for byte on every node.
/// </remarks>
public static class MaglevTable
{
    /// <summary>A prime, which the paper wants, and at least a hundred times a usual number of backends.</summary>
    public const int DefaultSize = 16381;

    /// <summary>Which backend has each slot, as its index in <paramref name="backends"/>. Empty where there is none.</summary>
    /// <param name="backends">Without duplicates, in any order.</param>
    /// <param name="size">A prime. Of more backends than slots some get none.</param>
    public static int[] Build(IReadOnlyList<Backend> backends, int size = DefaultSize)
    {
        ArgumentNullException.ThrowIfNull(backends);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 2);
        if (backends.Count == 0)
        {
            return [];
        }

        // Turns are taken in the backends' own order, so that the order of the input does not matter.
        int[] order = [.. Enumerable.Range(0, backends.Count).OrderBy(index => backends[index])];
        (int[] next, int[] skip) = Preferences(backends, order, size);
        int[] slots = new int[size];
        Array.Fill(slots, -1);
        for (int filled = 0, turn = 0; filled < size; filled++, turn = turn + 1 == order.Length ? 0 : turn + 1)
        {
            int slot = next[turn];
            while (slots[slot] >= 0)
            {
                slot = Step(slot, skip[turn], size);
            }

            slots[slot] = order[turn];
            next[turn] = Step(slot, skip[turn], size);
        }

        return slots;
    }

    // A backend's preferences are offset, offset + skip, offset + 2 skip … modulo the size: all slots, as the size is prime.
    private static (int[] Offset, int[] Skip) Preferences(IReadOnlyList<Backend> backends, int[] order, int size)
    {
        int[] offset = new int[order.Length];
        int[] skip = new int[order.Length];
        Span<byte> bytes = stackalloc byte[Backend.Length];
        foreach ((int turn, int index) in order.Index())
        {
            backends[index].WriteTo(bytes);
            UInt128 hash = XxHash128.HashToUInt128(bytes);
            offset[turn] = (int)((ulong)(hash >> 64) % (ulong)size);
            skip[turn] = (int)((ulong)hash % (ulong)(size - 1)) + 1;
        }

        return (offset, skip);
    }

    private static int Step(int slot, int skip, int size) => slot + skip >= size ? slot + skip - size : slot + skip;
}
