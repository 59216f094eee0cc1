using System.Diagnostics.CodeAnalysis;
using Weft.Model.Services;

namespace Weft.Model.Json;

/// <summary>Writes a resource's name as `namespace/name`.</summary>
public sealed class ResourceNameJsonConverter : TextJsonConverter<ResourceName>
{
    protected override bool TryParse(string text, [NotNullWhen(true)] out ResourceName? value, [NotNullWhen(false)] out string? problem) =>
        ResourceName.TryParse(text, out value, out problem);
}
