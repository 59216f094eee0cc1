namespace Weft.Cli.Maps.Services;

/// <summary>One entry of <c>weft_backends</c>.</summary>
internal sealed record BackendMapRow(uint Id, string Protocol, string Address);
