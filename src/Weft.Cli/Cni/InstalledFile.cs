namespace Weft.Cli.Cni;

/// <param name="Change"><c>written</c>, <c>unchanged</c>, <c>removed</c> or <c>absent</c>.</param>
internal sealed record InstalledFile(string Path, string Change);
