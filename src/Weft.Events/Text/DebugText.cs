using Weft.Abi;
using Weft.Packets;
using Weft.Packets.Text;

namespace Weft.Events;

/// <summary>Sentences for debug messages. bpf/include/weft/debug.h says what the arguments are.</summary>
public static class DebugText
{
    /// <summary>Writes the sentence without an end of line.</summary>
    public static void Write(in DebugRecord debug, Utf8Output text)
    {
        (uint arg1, uint arg2, uint arg3) = (debug.Arg1, debug.Arg2, debug.Arg3);
        switch ((DebugMessage)debug.Header.Subtype)
        {
            case DebugMessage.LocalDelivery:
                text.Write($"Attempting local delivery for container id {arg1} from seclabel {arg2}");
                break;
            case DebugMessage.Encapsulate:
                text.Write($"Encapsulating to node {arg1} (0x{arg1:x}) from seclabel {arg2}");
                break;
            case DebugMessage.CtFound:
                text.Write($"CT entry found lifetime={arg1}, revnat={arg2}");
                break;
            case DebugMessage.NdSolicitation:
                text.Write($"ICMPv6 neighbour soliciation for address {arg1:x}:{arg2:x}");
                break;
            case DebugMessage.CtVerdict:
                text.Write($"CT verdict: {Verdict(arg1)}, revnat={arg2}");
                break;
            case DebugMessage.Decapsulate:
                text.Write($"Tunnel decap: id={arg1} flowlabel={arg2:x}");
                break;
            case DebugMessage.NatPort:
                text.Write($"Mapping port from={arg1} to={arg2}");
                break;
            case DebugMessage.ToHost:
                text.Write($"Going to host, policy-skip={arg1}");
                break;
            case DebugMessage.ServiceLookup:
                text.Write($"Frontend service lookup, addr={Address(arg1)} key.dport={arg2}");
                break;
            case DebugMessage.ServiceUnknown:
                text.Write($"Frontend service lookup failed");
                break;
            case DebugMessage.ServiceBackend:
                text.Write($"Service backend slot lookup result: target={Address(arg1)} port={arg2}");
                break;
            case DebugMessage.BackendUnknown:
                text.Write($"Backend service lookup failed: backend_id={arg1}");
                break;
            case DebugMessage.ReverseNat:
                text.Write($"Performing reverse NAT, address={Address(arg1)} port={arg2}");
                break;
            case DebugMessage.CtLookupAddrs:
                text.Write($"Conntrack lookup 1/2: src={Address(arg1)}:{arg3 & 0xffff} dst={Address(arg2)}:{arg3 >> 16}");
                break;
            case DebugMessage.CtLookupProto:
                text.Write($"Conntrack lookup 2/2: nexthdr={arg1} flags={arg2}");
                break;
            case DebugMessage.CtCreate:
                text.Write($"Conntrack create: proxy-port={arg1 >> 16} revnat={arg1 & 0xffff} src-identity={arg2} lb={Address(arg3)}");
                break;
            case DebugMessage.IpcacheMiss:
                text.Write($"Failed to map addr={Address(arg1)} to identity");
                break;
            case DebugMessage.IpcacheHit:
                text.Write($"Successfully mapped addr={Address(arg1)} to identity={arg2}");
                break;
            default:
                text.Write($"Unknown message type={debug.Header.Subtype} arg1={arg1} arg2={arg2}");
                break;
        }
    }

    /// <summary>Addresses are __be32 as in the packet.</summary>
    private static IPv4Address Address(uint argument)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BitConverter.TryWriteBytes(bytes, argument);
        return IPv4Address.Read(bytes);
    }

    private static string Verdict(uint state) => (ConntrackState)state switch
    {
        ConntrackState.New => "New",
        ConntrackState.Established => "Established",
        ConntrackState.Reply => "Reply",
        ConntrackState.Related => "Related",
        ConntrackState.Reopened => "Reopened",
        _ => "Unknown",
    };
}
