namespace Weft.Abi;

/// <summary>Steps of the datapath that it can tell about. bpf/include/weft/debug.h says what the arguments are.</summary>
[BtfEnum("weft_debug")]
public enum DebugMessage : byte
{
    LocalDelivery = 2,
    Encapsulate = 3,
    CtFound = 8,
    NdSolicitation = 13,
    CtVerdict = 15,
    Decapsulate = 16,
    NatPort = 17,
    ToHost = 19,
    ServiceLookup = 30,
    ServiceUnknown = 31,
    ServiceBackend = 33,
    BackendUnknown = 35,
    ReverseNat = 37,
    CtLookupAddrs = 48,
    CtLookupProto = 49,
    CtCreate = 50,
    IpcacheMiss = 56,
    IpcacheHit = 58,
}
