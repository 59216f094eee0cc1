using System.Diagnostics.CodeAnalysis;
using Weft.Model.Nodes;

namespace Weft.Model.Json;

/// <summary>Writes a node name as text.</summary>
public sealed class NodeNameJsonConverter : TextJsonConverter<NodeName>
{
    protected override bool TryParse(string text, [NotNullWhen(true)] out NodeName? value, [NotNullWhen(false)] out string? problem) =>
        NodeName.TryParse(text, out value, out problem);
}
