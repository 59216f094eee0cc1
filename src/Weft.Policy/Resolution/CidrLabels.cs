using System.Diagnostics.CodeAnalysis;
using System.Net;
using Weft.Model.Addressing;
using Weft.Model.Labels;

namespace Weft.Policy.Resolution;

/// <summary>Labels that name prefixes: `cidr:10.0.0.0/8`, `cidr:2001-db8--0/32` (a key may hold no colon; Cilium writes them so too).</summary>
internal static class CidrLabels
{
    private const string Source = "cidr";

    public static Label Of(IPNetwork prefix)
    {
        string address = prefix.BaseAddress.ToString().Replace(':', '-');
        address = address.StartsWith('-') ? $"0{address}" : address;
        return Label.Create(Source, $"{(address.EndsWith('-') ? $"{address}0" : address)}/{prefix.PrefixLength}");
    }

    public static bool TryRead(Label label, [NotNullWhen(true)] out IPNetwork? prefix)
    {
        prefix = label.Source == Source && AddressText.TryParse(label.Key.Replace('-', ':'), out IPNetwork read) ? read : null;
        return prefix is not null;
    }

    /// <summary>The longest prefix among the labels.</summary>
    public static IPNetwork? LongestOf(LabelSet labels)
    {
        IPNetwork? longest = null;
        foreach (Label label in labels)
        {
            if (TryRead(label, out IPNetwork? prefix) && (longest is null || prefix.Value.PrefixLength > longest.Value.PrefixLength))
            {
                longest = prefix;
            }
        }

        return longest;
    }
}
