using System.Runtime.InteropServices;

namespace Weft.Linux.Interop;

/// <summary>libpcap 1.x, of which only the filter expressions are used: their compiler, and the machine that runs what it makes.</summary>
internal static unsafe partial class LibPcap
{
    private const string Library = "libpcap.so.0.8";

    public const int DLT_EN10MB = 1;

    /// <summary>From the IP header on.</summary>
    public const int DLT_RAW = 12;

    public const uint PCAP_NETMASK_UNKNOWN = 0xffffffff;

    /// <summary>struct bpf_program.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct BpfProgram
    {
        public uint Length;

        /// <summary>Eight bytes each, owned by the library.</summary>
        public byte* Instructions;
    }

    /// <summary>struct pcap_pkthdr; the time is of no use to a filter.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PacketHeader
    {
        public long Seconds;
        public long Microseconds;
        public uint CapturedLength;
        public uint Length;
    }

    /// <summary>Non-zero: the packet is wanted.</summary>
    [LibraryImport(Library, EntryPoint = "pcap_offline_filter")]
    public static partial int OfflineFilter(in BpfProgram program, in PacketHeader header, byte* packet);

    /// <summary>A handle that compiles only; zero is failure.</summary>
    [LibraryImport(Library, EntryPoint = "pcap_open_dead")]
    public static partial nint OpenDead(int linkType, int snapLength);

    [LibraryImport(Library, EntryPoint = "pcap_close")]
    public static partial void Close(nint handle);

    /// <summary>Negative is failure, which <see cref="GetError"/> explains.</summary>
    [LibraryImport(Library, EntryPoint = "pcap_compile", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Compile(nint handle, out BpfProgram program, string expression, int optimize, uint netmask);

    [LibraryImport(Library, EntryPoint = "pcap_freecode")]
    public static partial void FreeCode(ref BpfProgram program);

    /// <summary>Owned by the handle.</summary>
    [LibraryImport(Library, EntryPoint = "pcap_geterr")]
    public static partial byte* GetError(nint handle);
}
