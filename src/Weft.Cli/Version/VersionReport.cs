namespace Weft.Cli.Version;

/// <summary>Versions of the two sides of the socket.</summary>
internal sealed record VersionReport(string Client, string? Daemon);
