using System.Diagnostics;
using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Weft.Linux.Processes;

namespace Weft.Lab.Runtimes;

/// <summary>The container images that nodes of a lab have: this machine's static busybox, without a registry.</summary>
public static class ContainerImages
{
    /// <summary>All of busybox, and nothing that starts by itself.</summary>
    public const string Busybox = "localhost/busybox:1";

    /// <summary>The same; sleeps for ever. Pods of CRI have a container of it, which holds their namespaces.</summary>
    public const string Pause = "localhost/pause:1";

    private const string Program = "busybox";

    /// <summary>rwxr-xr-x, of a directory or a program.</summary>
    private const UnixFileMode AllMayRun = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private static readonly string[] s_directories = ["bin", "dev", "etc", "proc", "root", "run", "sys", "tmp"];

    /// <summary>Writes an archive with all of them, as 'ctr images import' and 'podman load' read it.</summary>
    public static void Write(string path)
    {
        byte[] layer = Layer();
        byte[] busybox = Configuration(layer, []);
        byte[] pause = Configuration(layer, ["/bin/sleep", "2147483647"]);
        JsonArray manifest = new(Entry(Busybox, "busybox.json"), Entry(Pause, "pause.json"));
        using FileStream file = File.Create(path);
        using TarWriter archive = new(file);
        Add(archive, "manifest.json", Bytes(manifest));
        Add(archive, "busybox.json", busybox);
        Add(archive, "pause.json", pause);
        Add(archive, "layer.tar", layer);
    }

    private static byte[] Layer()
    {
        string busybox = ProgramFinder.Find(Program)
            ?? throw new LabException("make container images: no program 'busybox' (install Debian's package busybox-static)");
        using MemoryStream bytes = new();
        using (TarWriter layer = new(bytes, leaveOpen: true))
        {
            foreach (string directory in s_directories)
            {
                layer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, $"{directory}/") { Mode = AllMayRun });
            }

            Add(layer, $"bin/{Program}", File.ReadAllBytes(busybox));
            Add(layer, "etc/passwd", "root:x:0:0:root:/root:/bin/sh\n"u8.ToArray());
            Add(layer, "etc/group", "root:x:0:\n"u8.ToArray());
            foreach (string applet in Applets(busybox))
            {
                layer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, $"bin/{applet}") { LinkName = Program });
            }
        }

        return bytes.ToArray();
    }

    private static string[] Applets(string busybox)
    {
        using Process list = Process.Start(new ProcessStartInfo(busybox, ["--list"]) { RedirectStandardOutput = true })!;
        string text = list.StandardOutput.ReadToEnd();
        list.WaitForExit();
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(name => name != Program)];
    }

    /// <summary>As the image specification of Docker 1.2 and OCI have it.</summary>
    private static byte[] Configuration(byte[] layer, string[] entryPoint) => Bytes(new JsonObject
    {
        ["architecture"] = "amd64",
        ["os"] = "linux",
        ["config"] = new JsonObject
        {
            ["Env"] = new JsonArray("PATH=/bin"),
            ["Entrypoint"] = new JsonArray([.. entryPoint.Select(word => JsonValue.Create(word))]),
        },
        ["rootfs"] = new JsonObject
        {
            ["type"] = "layers",
            ["diff_ids"] = new JsonArray($"sha256:{Convert.ToHexStringLower(SHA256.HashData(layer))}"),
        },
    });

    private static JsonObject Entry(string name, string configuration) => new()
    {
        ["Config"] = configuration,
        ["RepoTags"] = new JsonArray(name),
        ["Layers"] = new JsonArray("layer.tar"),
    };

    private static void Add(TarWriter archive, string name, byte[] content)
    {
        using MemoryStream data = new(content);
        archive.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = data, Mode = AllMayRun });
    }

    private static byte[] Bytes(JsonNode json)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes))
        {
            json.WriteTo(writer);
        }

        return bytes.ToArray();
    }
}
