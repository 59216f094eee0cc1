using System.Text.RegularExpressions;
using Weft.Model.Yaml;

namespace Weft.Lab.Topology;

/// <summary>Which names labs, nodes and pods may have, and what is called after them.</summary>
/// <remarks>
/// A lab's name has no '-', so that 'weft-LAB-NAME' belongs to one lab only: lab 'a' with node 'b-c' and a lab 'a-b' with node 'c'
/// would share a namespace otherwise. A node's name is also the name of its port on the underlay's bridge, so it must fit a device.
/// </remarks>
public static partial class LabNames
{
    public const string DefaultLab = "default";

    /// <summary>The namespace with the bridge, which is the router too; no member may be called so.</summary>
    public const string Underlay = "underlay";

    /// <summary>The device that connects the nodes, in the underlay's namespace; devices to nodes and outside hosts are called after those.</summary>
    public const string Bridge = "bridge";

    public const string Loopback = "lo";

    /// <summary>IFNAMSIZ without the terminating zero.</summary>
    public const int LongestNode = 15;
    public const int LongestPod = 63;
    public const int LongestLab = 20;

    /// <summary>Name of a network namespace below /run/netns.</summary>
    public static string NetnsOf(string lab, string member) => $"{NetnsPrefixOf(lab)}{member}";

    public static string NetnsPrefixOf(string lab) => $"weft-{lab}-";

    /// <returns>What is wrong with the name, or null.</returns>
    public static string? CheckLab(string name) =>
        name.Length <= LongestLab && LabName().IsMatch(name)
            ? null
            : $"'{FieldReader.Shown(name)}' is no name for a lab (1 to {LongestLab} of a-z, 0-9 and '_')";

    /// <summary>For nodes and outside hosts.</summary>
    internal static string? CheckNode(string name) => name is Bridge or Loopback
        ? $"the name '{name}' is taken by a device of the underlay"
        : Check(name, LongestNode, "it names a device too");

    internal static string? CheckPod(string name) => Check(name, LongestPod, "as in Kubernetes");

    private static string? Check(string name, int longest, string why) =>
        name == Underlay ? $"the name '{Underlay}' is taken by the lab itself"
        : name.Length > longest ? $"the name '{FieldReader.Shown(name)}' has {name.Length} characters (at most {longest}: {why})"
        : !MemberName().IsMatch(name) ? $"the name '{FieldReader.Shown(name)}' is not made of a-z, 0-9 and '-' in between"
        : null;

    [GeneratedRegex(@"\A[a-z0-9_]+\z")]
    private static partial Regex LabName();

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]*[a-z0-9])?\z")]
    private static partial Regex MemberName();
}
