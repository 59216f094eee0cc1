using System.Text.Json;
using Weft.Api;

namespace Weft.Cli.Cni;

/// <summary>The network that a runtime is to attach its pods to.</summary>
internal sealed record NetworkSpec
{
    private static readonly string[] s_versions = ["0.3.1", "0.4.0", "1.0.0", "1.1.0"];

    public required string Name { get; init; }

    /// <summary>Plugins behind this one, by name.</summary>
    public required IReadOnlyList<string> Chain { get; init; }

    /// <summary>The agent's socket; null: the usual one.</summary>
    public string? Socket { get; init; }

    /// <summary>The list as runtimes read it.</summary>
    /// <remarks>
    /// 1.0.0 is what all of today's runtimes and Debian's plugins speak. A runtime that knows of several versions takes the newest
    /// that both have, but not for plugins of others, which may not have it.
    /// </remarks>
    public byte[] ToJson()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("cniVersion", "1.0.0");
            if (Chain.Count == 0)
            {
                json.WriteStartArray("cniVersions");
                Array.ForEach(s_versions, json.WriteStringValue);
                json.WriteEndArray();
            }

            json.WriteString("name", Name);
            json.WriteStartArray("plugins");
            // It leaves the place of the qdisc to the plugin that needs it.
            WritePlugin(json, InstallOptions.PluginName, Chain.Contains("bandwidth") ? ["ips", "mac", "bandwidth"] : ["ips", "mac"]);
            foreach (string plugin in Chain)
            {
                WritePlugin(json, plugin, plugin switch
                {
                    "portmap" => ["portMappings"],
                    "bandwidth" => ["bandwidth"],
                    _ => [],
                });
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private void WritePlugin(Utf8JsonWriter json, string type, string[] capabilities)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        if (type == InstallOptions.PluginName && Socket is { } socket && socket != AgentClient.DefaultSocketPath)
        {
            json.WriteString("socket", socket);
        }

        if (capabilities.Length > 0)
        {
            json.WriteStartObject("capabilities");
            Array.ForEach(capabilities, capability => json.WriteBoolean(capability, true));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
