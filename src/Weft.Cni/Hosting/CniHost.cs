namespace Weft.Cni.Hosting;

/// <summary>What a container runtime gives the plugin, so that tests can be the runtime.</summary>
internal sealed class CniHost
{
    /// <summary>Value of an environment variable, or null.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The network configuration.</summary>
    public required Stream Input { get; init; }

    /// <summary>The result or the error, and nothing else.</summary>
    public required Stream Output { get; init; }

    public required TextWriter Error { get; init; }
}
