using Weft.Model.Labels;

namespace Weft.Cni.Protocol;

/// <summary>Versions of the CNI specification, and what came with which.</summary>
internal static class CniVersion
{
    public const string V031 = "0.3.1";
    public const string V040 = "0.4.0";
    public const string V100 = "1.0.0";
    public const string V110 = "1.1.0";

    public const string Newest = V110;

    /// <summary>Oldest first.</summary>
    public static IReadOnlyList<string> Supported { get; } = [V031, V040, V100, V110];

    /// <summary>The version that configuration and answer are in.</summary>
    /// <param name="asked">None is 0.1.0, which had no such key yet.</param>
    /// <exception cref="CniException">This plugin does not speak it.</exception>
    public static string Negotiate(string? asked)
    {
        string version = asked ?? "0.1.0";
        return Supported.Contains(version)
            ? version
            : throw new CniException(
                CniErrorCode.IncompatibleVersion, "incompatible CNI version",
                $"the configuration's cniVersion is '{Printable.Excerpt(version)}', weft-cni speaks {string.Join(", ", Supported)}");
    }

    /// <exception cref="CniException">The version does not have the verb.</exception>
    public static void Require(string version, CniVerb verb)
    {
        string first = verb switch
        {
            CniVerb.Check => V040,
            CniVerb.Status or CniVerb.GC => V110,
            _ => V031,
        };
        if (!IsAtLeast(version, first))
        {
            throw new CniException(
                CniErrorCode.IncompatibleVersion, $"CNI_COMMAND {verb.ToString().ToUpperInvariant()} is not part of CNI {version}",
                $"it came with {first}: raise the configuration's cniVersion");
        }
    }

    /// <param name="version">One of <see cref="Supported"/>, as is <paramref name="other"/>.</param>
    public static bool IsAtLeast(string version, string other) => IndexOf(version) >= IndexOf(other);

    private static int IndexOf(string version) => Supported.Index().First(entry => entry.Item == version).Index;
}
