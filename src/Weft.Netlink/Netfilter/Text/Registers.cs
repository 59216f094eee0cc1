using Weft.Netlink.Uapi;

namespace Weft.Netlink.Netfilter.Text;

/// <summary>The sixteen registers of four bytes, which a rule's expressions hand values on in.</summary>
internal sealed class Registers
{
    private const int Count = 16;
    private const int Width = 4;
    private readonly Operand?[] _slots = new Operand?[Count];

    public void Set(uint register, Operand operand)
    {
        int first = SlotOf(register);
        for (int slot = first; slot < Math.Min(Count, first + SlotsOf(operand)); slot++)
        {
            _slots[slot] = null;
        }

        if (first < Count)
        {
            _slots[first] = operand;
        }
    }

    /// <summary>What lies there, also where it began in a register before.</summary>
    public Operand Get(uint register)
    {
        int wanted = SlotOf(register);
        for (int slot = Math.Min(wanted, Count - 1); slot >= 0; slot--)
        {
            if (_slots[slot] is { } operand)
            {
                return slot + SlotsOf(operand) > wanted ? operand : Operand.Unknown(Width);
            }
        }

        return Operand.Unknown(Width);
    }

    /// <summary>All that lie in a key of so many bytes.</summary>
    public IReadOnlyList<Operand> Gather(uint register, int length)
    {
        List<Operand> found = [];
        int slot = SlotOf(register);
        int end = Math.Min(Count, slot + (length + Width - 1) / Width);
        while (slot < end)
        {
            Operand operand = _slots[slot] ?? Operand.Unknown(Width);
            found.Add(operand);
            slot += SlotsOf(operand);
        }

        return found;
    }

    private static int SlotOf(uint register) => register switch
    {
        >= NfTablesH.NFT_REG_1 and <= NfTablesH.NFT_REG_4 => (int)(register - NfTablesH.NFT_REG_1) * Width,
        >= NfTablesH.NFT_REG32_00 and <= NfTablesH.NFT_REG32_15 => (int)(register - NfTablesH.NFT_REG32_00),
        _ => Count,
    };

    private static int SlotsOf(Operand operand) => Math.Max(1, (operand.Length + Width - 1) / Width);
}
