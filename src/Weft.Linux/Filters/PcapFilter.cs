using System.Runtime.InteropServices;
using Weft.Linux.Interop;

namespace Weft.Linux.Filters;

/// <summary>Filter expressions as tcpdump takes them (pcap-filter(7)).</summary>
public static class PcapFilter
{
    private const int InstructionSize = 8;
    private const int SnapLength = 65535;

    /// <summary>libpcap's compiler keeps state of the process.</summary>
    private static readonly Lock s_compiler = new();

    /// <summary>Compiles an expression; an empty one accepts all.</summary>
    /// <param name="fromIP">For packets that begin with their IP header, where no expression finds ARP; else with their Ethernet header.</param>
    /// <returns>Instructions of classic BPF, eight bytes each in this machine's byte order (linux/filter.h).</returns>
    /// <exception cref="PcapFilterException">The expression is wrong, or libpcap is not installed.</exception>
    public static unsafe byte[] Compile(string expression, bool fromIP = false)
    {
        ArgumentNullException.ThrowIfNull(expression);
        lock (s_compiler)
        {
            nint handle = Open(expression, fromIP ? LibPcap.DLT_RAW : LibPcap.DLT_EN10MB);
            try
            {
                if (LibPcap.Compile(handle, out LibPcap.BpfProgram program, expression, 1, LibPcap.PCAP_NETMASK_UNKNOWN) < 0)
                {
                    string why = Marshal.PtrToStringUTF8((nint)LibPcap.GetError(handle)) ?? "no reason given";
                    throw new PcapFilterException($"read filter '{expression}': {why} (the syntax is tcpdump's, see 'man pcap-filter')");
                }

                byte[] code = new ReadOnlySpan<byte>(program.Instructions, checked((int)program.Length * InstructionSize)).ToArray();
                LibPcap.FreeCode(ref program);
                return code;
            }
            finally
            {
                LibPcap.Close(handle);
            }
        }
    }

    private static nint Open(string expression, int linkType)
    {
        try
        {
            nint handle = LibPcap.OpenDead(linkType, SnapLength);
            return handle != 0 ? handle : throw new PcapFilterException($"read filter '{expression}': libpcap has no memory");
        }
        catch (DllNotFoundException missing)
        {
            throw new PcapFilterException($"read filter '{expression}': libpcap is not installed (on Debian: apt-get install libpcap0.8)", missing);
        }
    }
}
