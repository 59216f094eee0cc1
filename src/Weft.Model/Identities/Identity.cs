using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;
using Weft.Model.Json;

namespace Weft.Model.Identities;

/// <summary>Number that stands for a distinct label set; it travels as the VNI of a pod's packets.</summary>
/// <remarks>
/// 0–255 are reserved with fixed meanings, 256–65535 are agreed by the nodes of a cluster through the store.
/// A VNI has 24 bits, so both ranges fit on the wire.
/// </remarks>
[JsonConverter(typeof(IdentityJsonConverter))]
public readonly record struct Identity(uint Value) : IComparable<Identity>
{
    public static readonly Identity Unknown = new(0);
    public static readonly Identity Host = new(1);
    public static readonly Identity World = new(2);
    public static readonly Identity Unmanaged = new(3);
    public static readonly Identity Health = new(4);
    public static readonly Identity Init = new(5);
    public static readonly Identity RemoteNode = new(6);
    public static readonly Identity KubeApiServer = new(7);
    public static readonly Identity Ingress = new(8);

    /// <summary>First and last identity that nodes allocate for label sets.</summary>
    public static readonly Identity ClusterMin = new(256);
    public static readonly Identity ClusterMax = new(65535);

    public bool IsReserved => Value < ClusterMin.Value;

    public bool IsClusterScope => Value >= ClusterMin.Value && Value <= ClusterMax.Value;

    /// <summary>Accepts a decimal number or a reserved name (`host`, `reserved:host`).</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Identity identity)
    {
        if (uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint value))
        {
            identity = new Identity(value);
            return true;
        }
        return ReservedIdentities.TryFind(text, out identity);
    }

    public int CompareTo(Identity other) => Value.CompareTo(other.Value);

    public static bool operator <(Identity left, Identity right) => left.Value < right.Value;
    public static bool operator >(Identity left, Identity right) => left.Value > right.Value;
    public static bool operator <=(Identity left, Identity right) => left.Value <= right.Value;
    public static bool operator >=(Identity left, Identity right) => left.Value >= right.Value;

    /// <summary>The reserved name where there is one, else the number: the form of monitor and policy texts.</summary>
    public override string ToString() => ReservedIdentities.NameOf(this) ?? Value.ToString(CultureInfo.InvariantCulture);
}
