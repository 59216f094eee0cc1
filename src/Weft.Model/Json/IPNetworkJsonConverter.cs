using System.Diagnostics.CodeAnalysis;
using System.Net;
using Weft.Model.Addressing;
using Weft.Model.Labels;

namespace Weft.Model.Json;

/// <summary>Writes a prefix as `address/length`.</summary>
public sealed class IPNetworkJsonConverter : TextJsonConverter<IPNetwork>
{
    protected override bool TryParse(string text, [NotNullWhen(true)] out IPNetwork value, [NotNullWhen(false)] out string? problem)
    {
        problem = AddressText.TryParse(text, out value) ? null : $"'{Printable.Excerpt(text)}' is not a prefix such as 10.0.1.0/24";
        return problem is null;
    }
}
