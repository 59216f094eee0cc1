namespace Weft.Cli.Lab;

/// <summary>One object of <c>weft lab apply -o json</c> or <c>delete</c>.</summary>
internal sealed record ManifestReport(string Kind, string Namespace, string Name, string Result);
