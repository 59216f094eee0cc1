using System.Collections.Immutable;

namespace Weft.Policy.Documents;

/// <summary>A policy as somebody wrote it, read and checked.</summary>
public sealed class PolicyDocument
{
    public required PolicyName Name { get; init; }

    /// <summary>The document alone, to be kept and read again. Of an entry of a List it is JSON, so its lines are others.</summary>
    public required string Text { get; init; }

    /// <summary>Line of the text that it was read from on which <see cref="Text"/> begins: what reading it again must be told.</summary>
    public required int FirstLine { get; init; }

    public required ImmutableArray<PolicySpec> Specs { get; init; }

    public override string ToString() => Name.ToString();
}
