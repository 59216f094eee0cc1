using System.Globalization;

namespace Weft.Linux;

/// <summary>Number of a network device, unique within its network namespace and not beyond it.</summary>
public readonly record struct IfIndex(int Value)
{
    /// <summary>"No device": every device, or none, as the call defines it.</summary>
    public static readonly IfIndex None;

    public bool IsNone => Value == 0;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
