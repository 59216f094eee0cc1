using System.Diagnostics.CodeAnalysis;
using Weft.Model.Labels;

namespace Weft.Model.Json;

/// <summary>Writes a label as `source:key=value`.</summary>
public sealed class LabelJsonConverter : TextJsonConverter<Label>
{
    protected override bool TryParse(string text, [NotNullWhen(true)] out Label? value, [NotNullWhen(false)] out string? problem) =>
        Label.TryParse(text, out value, out problem);
}
