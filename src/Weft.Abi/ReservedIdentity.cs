namespace Weft.Abi;

/// <summary>Identities with a fixed meaning, below 256, and the first of those that are numbers of one node.</summary>
[BtfEnum("weft_identity")]
public enum ReservedIdentity : uint
{
    Unknown = 0,
    Host = 1,
    World = 2,
    Unmanaged = 3,
    Health = 4,
    Init = 5,
    RemoteNode = 6,

    /// <summary>First of the prefixes of the world that policies name; on the wire they are <see cref="World"/>.</summary>
    Prefixes = 0x01000000,
}
