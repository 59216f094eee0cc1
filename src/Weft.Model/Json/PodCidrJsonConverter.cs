using System.Diagnostics.CodeAnalysis;
using Weft.Model.Addressing;

namespace Weft.Model.Json;

/// <summary>Writes a pod CIDR as `address/length`.</summary>
public sealed class PodCidrJsonConverter : TextJsonConverter<PodCidr>
{
    protected override bool TryParse(string text, [NotNullWhen(true)] out PodCidr value, [NotNullWhen(false)] out string? problem) =>
        PodCidr.TryParse(text, out value, out problem);
}
