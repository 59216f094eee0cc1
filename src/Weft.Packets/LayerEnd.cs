namespace Weft.Packets;

/// <summary>Why a <see cref="LayerReader"/> found no further header.</summary>
public enum LayerEnd : byte
{
    /// <summary>What follows is data, or nothing.</summary>
    Payload = 0,

    /// <summary>What follows is a fragment that has no header of its own.</summary>
    Fragment,

    /// <summary>What follows has a type that is not read; <see cref="LayerReader.NextType"/> is its number.</summary>
    UnknownType,

    /// <summary>The header that should follow is cut short or contradicts itself.</summary>
    Unreadable,
}
