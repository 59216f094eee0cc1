using System.Runtime.CompilerServices;

namespace Weft.Packets.Tests;

/// <summary>Packets of many protocols that scapy made: Data/make-protocols.py.</summary>
internal static class ProtocolPackets
{
    public static IReadOnlyDictionary<string, byte[]> All { get; } = Read();

    private static Dictionary<string, byte[]> Read([CallerFilePath] string sourceFile = "") =>
        File.ReadAllLines(Path.Combine(Path.GetDirectoryName(sourceFile)!, "Data", "protocols.txt"))
            .Select(line => line.Split('\t')).ToDictionary(parts => parts[0], parts => Convert.FromHexString(parts[1]));
}
