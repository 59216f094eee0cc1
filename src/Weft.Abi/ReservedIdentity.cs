namespace Weft.Abi;

/// <summary>Identities with a fixed meaning, all below 256.</summary>
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
}
