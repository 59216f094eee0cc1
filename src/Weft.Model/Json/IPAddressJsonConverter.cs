using System.Diagnostics.CodeAnalysis;
using System.Net;
using Weft.Model.Addressing;
using Weft.Model.Labels;

namespace Weft.Model.Json;

/// <summary>Writes an address as text; System.Text.Json has no converter of its own.</summary>
public sealed class IPAddressJsonConverter : TextJsonConverter<IPAddress>
{
    protected override bool TryParse(string text, [NotNullWhen(true)] out IPAddress? value, [NotNullWhen(false)] out string? problem)
    {
        problem = AddressText.TryParse(text, out value) ? null : $"'{Printable.Excerpt(text)}' is not an IP address";
        return problem is null;
    }
}
