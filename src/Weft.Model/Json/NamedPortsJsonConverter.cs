using System.Diagnostics.CodeAnalysis;
using Weft.Model.Endpoints;

namespace Weft.Model.Json;

/// <summary>Writes named ports as their text.</summary>
public sealed class NamedPortsJsonConverter : TextJsonConverter<NamedPorts>
{
    protected override bool TryParse(string text, [NotNullWhen(true)] out NamedPorts? value, [NotNullWhen(false)] out string? problem) =>
        NamedPorts.TryParse(text, out value, out problem);
}
