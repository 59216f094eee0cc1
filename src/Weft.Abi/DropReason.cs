namespace Weft.Abi;

/// <summary>Why a packet went no further. The numbers are those that users of Cilium know, and are never reused.</summary>
/// <remarks>Texts are in <see cref="DropReasons"/>.</remarks>
[BtfEnum("weft_reason")]
public enum DropReason : byte
{
    Forwarded = 0,
    Interface = 3,
    InvalidSourceMac = 130,
    InvalidDestinationMac = 131,
    InvalidSourceIP = 132,
    Policy = 133,
    InvalidPacket = 134,
    CtInvalidHeader = 135,
    FragmentationNeeded = 136,
    CtUnknownProtocol = 137,
    UnsupportedL3 = 139,
    WriteError = 141,
    NoTunnelKey = 147,
    UnknownL3Target = 150,
    NoLocalEndpoint = 152,
    CtInsertFailed = 155,
    InvalidExtension = 156,
    NoBackend = 158,
    NoTunnelEndpoint = 160,
    NoConfig = 165,
    UnsupportedL2 = 166,
    NatNoMapping = 167,
    NatUnsupported = 168,
    FibLookup = 169,
    EncapProhibited = 170,
    InvalidIdentity = 171,
    UnknownSender = 172,
    ClusterIP = 174,
    FirstFragmentMissing = 175,
    ForbiddenIcmp6 = 176,
    SourceRange = 177,
    PolicyDeny = 181,
    TtlExceeded = 196,
}
