using System.Diagnostics.CodeAnalysis;
using Weft.Model.Nodes;

namespace Weft.Model.Json;

/// <summary>Writes a cluster name as text.</summary>
public sealed class ClusterNameJsonConverter : TextJsonConverter<ClusterName>
{
    protected override bool TryParse(string text, [NotNullWhen(true)] out ClusterName? value, [NotNullWhen(false)] out string? problem) =>
        ClusterName.TryParse(text, out value, out problem);
}
