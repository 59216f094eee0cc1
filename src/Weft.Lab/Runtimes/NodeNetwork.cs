using Weft.Lab.Nodes;

namespace Weft.Lab.Runtimes;

/// <summary>The CNI plugins and the network of a node with a container runtime.</summary>
internal static class NodeNetwork
{
    /// <summary>Of the configuration in <see cref="Configurations"/>, which podman has to be told.</summary>
    public const string Name = "pods";

    public const string Plugins = "/opt/cni/bin";
    public const string Configurations = "/etc/cni/net.d";

    private const string Plugin = "weft-cni";
    private const string DebianPlugins = "/usr/lib/cni";

    /// <summary>1.0.0 is the newest version that containerd 1.6 and podman 4.3 know.</summary>
    private const string Configuration =
        $$"""
        {
          "cniVersion": "1.0.0",
          "name": "{{Name}}",
          "plugins": [
            { "type": "{{Plugin}}" },
            { "type": "portmap", "capabilities": { "portMappings": true } }
          ]
        }

        """;

    public static void Install(NodeMachine machine, string pluginPath)
    {
        string plugins = Directory.CreateDirectory(machine.OnHost(Plugins)).FullName;
        string[] debian = Directory.Exists(DebianPlugins) ? Directory.GetFiles(DebianPlugins) : [];
        foreach (string path in debian.Append(pluginPath))
        {
            string link = Path.Combine(plugins, Path.GetFileName(path));
            File.Delete(link);
            File.CreateSymbolicLink(link, path);
        }

        string configurations = machine.OnHost(Configurations);
        foreach (string other in Directory.Exists(configurations) ? Directory.GetFiles(configurations) : [])
        {
            File.Delete(other);
        }

        Directory.CreateDirectory(configurations);
        File.WriteAllText(Path.Combine(configurations, "05-weft.conflist"), Configuration);
    }
}
