namespace Weft.Cli.Cni;

/// <summary>Where the plugin goes, and what its network is.</summary>
internal sealed record InstallOptions
{
    public const string FileName = "10-weft.conflist";
    public const string PluginName = "weft-cni";

    public required string BinDirectory { get; init; }

    public required string ConfigDirectory { get; init; }

    /// <summary>Replaces and removes also what this program did not write.</summary>
    public bool Force { get; init; }

    public string PluginPath => Path.Combine(BinDirectory, PluginName);

    public string ConfigPath => Path.Combine(ConfigDirectory, FileName);

    /// <summary>Says which content of the two files is this program's; runtimes start no hidden files.</summary>
    public string ReceiptPath => Path.Combine(BinDirectory, $".{PluginName}.installed");
}
