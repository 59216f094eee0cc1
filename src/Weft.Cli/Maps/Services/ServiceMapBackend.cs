namespace Weft.Cli.Maps.Services;

/// <summary>A backend in a list.</summary>
/// <param name="Address">None: the map of backends lacks it.</param>
internal sealed record ServiceMapBackend(uint Id, string? Address);
