using System.Diagnostics.CodeAnalysis;
using Weft.Model.Addressing;

namespace Weft.Model.Json;

/// <summary>Writes a MAC address as `0a:1b:2c:3d:4e:5f`.</summary>
public sealed class MacAddressJsonConverter : TextJsonConverter<MacAddress>
{
    protected override bool TryParse(string text, [NotNullWhen(true)] out MacAddress value, [NotNullWhen(false)] out string? problem) =>
        MacAddress.TryParse(text, out value, out problem);
}
