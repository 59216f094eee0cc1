using System.Globalization;
using Weft.Linux.Interop;

namespace Weft.Linux;

/// <summary>What the kernel lets this process do.</summary>
public static class ProcessPrivileges
{
    /// <summary>True if the effective user is root.</summary>
    public static bool IsRoot => LibC.GetEffectiveUserId() == 0;

    /// <summary>Whether the effective set of the calling thread holds a capability; a container's root often lacks some.</summary>
    public static bool Has(Capability capability) => Has(File.ReadLines("/proc/thread-self/status"), capability);

    internal static bool Has(IEnumerable<string> status, Capability capability)
    {
        const string key = "CapEff:";
        foreach (string line in status)
        {
            if (line.StartsWith(key, StringComparison.Ordinal))
            {
                ulong mask = ulong.Parse(line.AsSpan(key.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                return (mask & (1UL << (int)capability)) != 0;
            }
        }

        return false;
    }
}
