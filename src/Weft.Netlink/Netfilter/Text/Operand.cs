namespace Weft.Netlink.Netfilter.Text;

/// <summary>What a register holds, as the text that a comparison with it begins with.</summary>
/// <param name="Text">Null: cannot be told, and was said so when it was loaded.</param>
/// <param name="Length">In bytes.</param>
internal sealed record Operand(string? Text, ValueKind Kind, int Length)
{
    public static Operand Unknown(int length) => new(null, ValueKind.Unknown, length);

    /// <summary>The number itself, where an immediate put it there.</summary>
    public byte[]? Constant { get; init; }

    /// <summary>In network order though of a kind that is in the host's.</summary>
    public bool Swapped { get; init; }

    /// <summary>The header's bits, where it is some of a packet's.</summary>
    public PacketBits? Bits { get; init; }

    /// <summary>Bits of an address, or the whole of the value.</summary>
    public int FullLength { get; init; } = Length;

    /// <summary>What a bitwise operation keeps, then flips, of <see cref="Of"/>.</summary>
    public (byte[] Mask, byte[] Xor)? Bitwise { get; init; }

    public Operand? Of { get; init; }

    /// <summary>Of a field that is compared where it lies in its bytes: the bits after it.</summary>
    public int? Shift { get; init; }

    /// <summary>Which protocol the comparison is about, for what it says of the headers after it.</summary>
    public Layer Says { get; init; }

    public bool IsHostOrder => ValueText.IsHostOrder(Kind) && !Swapped;
}
