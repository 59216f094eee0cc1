using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;
using Weft.Model.Json;

namespace Weft.Model.Endpoints;

/// <summary>Number of an endpoint on its node: 1–65535, as it must fit the 16-bit source of an event; 0 means none.</summary>
[JsonConverter(typeof(EndpointIdJsonConverter))]
public readonly record struct EndpointId(ushort Value) : IComparable<EndpointId>
{
    public static readonly EndpointId None;

    public static bool TryParse([NotNullWhen(true)] string? text, out EndpointId id)
    {
        bool valid = ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort value) && value != 0;
        id = new EndpointId(valid ? value : (ushort)0);
        return valid;
    }

    public int CompareTo(EndpointId other) => Value.CompareTo(other.Value);

    public static bool operator <(EndpointId left, EndpointId right) => left.Value < right.Value;
    public static bool operator >(EndpointId left, EndpointId right) => left.Value > right.Value;
    public static bool operator <=(EndpointId left, EndpointId right) => left.Value <= right.Value;
    public static bool operator >=(EndpointId left, EndpointId right) => left.Value >= right.Value;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
