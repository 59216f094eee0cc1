using System.Security.Cryptography;
using System.Text;
using Weft.Model.Addressing;

namespace Weft.Control.Endpoints;

/// <summary>Names and Ethernet addresses of a pod's devices, the same whenever the same pod's interface is made again.</summary>
internal static class EndpointNames
{
    /// <summary>Begins the name of every device that the agent makes for a pod; others with it are removed at start.</summary>
    public const string HostInterfacePrefix = "lxc";

    /// <summary>12 hexadecimal digits after the prefix: the 15 characters that a device name can have.</summary>
    public static string HostInterface(string containerId, string containerInterface) =>
        HostInterfacePrefix + Convert.ToHexStringLower(Hash("name", containerId, containerInterface).AsSpan(0, 6));

    /// <summary>Of the device in the pod.</summary>
    public static MacAddress PodMac(string containerId, string containerInterface) => Mac("pod", containerId, containerInterface);

    /// <summary>Of the device on the node, which the pod sees as its gateway's.</summary>
    public static MacAddress HostMac(string containerId, string containerInterface) => Mac("host", containerId, containerInterface);

    private static MacAddress Mac(string role, string containerId, string containerInterface)
    {
        byte[] bytes = Hash(role, containerId, containerInterface)[..MacAddress.Length];
        bytes[0] = (byte)((bytes[0] & 0xfc) | 0x02); // locally administered, not a group (IEEE 802 section 8)
        return MacAddress.FromBytes(bytes);
    }

    private static byte[] Hash(string role, string containerId, string containerInterface) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{role}\0{containerId}\0{containerInterface}"));
}
