namespace Weft.Bpf.Tests;

/// <summary>Frames for test runs: the programs here look at lengths and marks only.</summary>
internal static class Packet
{
    /// <summary>An Ethernet frame of zeroes with an IPv4 type.</summary>
    public static byte[] OfLength(int length)
    {
        byte[] frame = new byte[length];
        frame[12] = 0x08;
        return frame;
    }
}
