namespace Weft.Cli.Maps.Services;

/// <summary>How much of a service's table a backend has.</summary>
/// <param name="Address">None: the map of backends lacks it.</param>
internal sealed record MaglevRow(uint BackendId, string? Address, int Places);
