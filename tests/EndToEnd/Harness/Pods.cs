using System.Net;

namespace EndToEnd.Harness;

/// <summary>The members of the default topology, by what they are in a test.</summary>
internal static class Pods
{
    public const string East = "cni-6vf5d";
    public const string West = "cni-j22kt";

    /// <summary>On the node of <see cref="West"/>, with other labels.</summary>
    public const string Web = "web-k9x2p";

    public const string EastNode = "bpf1";
    public const string WestNode = "bpf2";
    public const string Outside = "client";

    public static readonly IPAddress EastAddress = IPAddress.Parse("10.0.1.180");
    public static readonly IPAddress WestAddress = IPAddress.Parse("10.0.0.23");
    public static readonly IPAddress WebAddress = IPAddress.Parse("10.0.0.45");
}
