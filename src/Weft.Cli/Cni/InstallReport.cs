namespace Weft.Cli.Cni;

/// <summary>What an installation or its removal did.</summary>
internal sealed record InstallReport(IReadOnlyList<InstalledFile> Files, IReadOnlyList<string> Warnings);
