namespace Weft.Cli.Maps.Services;

/// <summary>Clients that may use a service from outside.</summary>
/// <param name="Frontend">None: no service has this id.</param>
internal sealed record SourceRangeRow(uint ServiceId, string? Frontend, string Range);
