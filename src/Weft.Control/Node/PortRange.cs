using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Weft.Control.Node;

/// <summary>Ports from the first to the last, both included.</summary>
public readonly record struct PortRange(ushort First, ushort Last)
{
    /// <summary>What Kubernetes takes where nobody says otherwise.</summary>
    public static readonly PortRange NodePorts = new(30000, 32767);

    /// <summary>Reads <c>30000-32767</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PortRange range)
    {
        string[] ends = (text ?? "").Split('-', 3);
        range = default;
        if (ends.Length != 2
            || !ushort.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out ushort first)
            || !ushort.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out ushort last)
            || first == 0 || first > last)
        {
            return false;
        }

        range = new PortRange(first, last);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");
}
