using Weft.Linux;

namespace Weft.Cli.Cni;

/// <summary>Puts the plugin and its network where container runtimes look, and takes them away.</summary>
/// <remarks>
/// Each file is replaced in one step, the plugin before the network that names it; the way back is the other way round. A runtime never
/// finds half a file, nor a network without its plugin.
/// </remarks>
internal sealed class CniInstaller(InstallOptions options)
{
    private const string Attempt = "install the CNI plugin";

    /// <exception cref="IOException">Something else is there, or a file cannot be written. What was there is there still.</exception>
    public InstallReport Install(string pluginSource, NetworkSpec network)
    {
        byte[] plugin = ReadPlugin(pluginSource);
        byte[] config = network.ToJson();
        InstallReceipt receipt = new(options.ReceiptPath);
        RequireOwn(receipt, options.PluginPath, plugin);
        RequireOwn(receipt, options.ConfigPath, config);
        Directory.CreateDirectory(options.BinDirectory);
        Directory.CreateDirectory(options.ConfigDirectory);

        // First, so that whatever is written by then is known to be this program's.
        receipt.Write((options.PluginPath, plugin), (options.ConfigPath, config));
        InstalledFile[] files =
        [
            Write(options.PluginPath, plugin, FileModes.Program),
            Write(options.ConfigPath, config, FileModes.Data),
        ];
        return new InstallReport(files, [.. Warnings(network)]);
    }

    /// <exception cref="IOException">What is there is not what was installed, and nothing was removed.</exception>
    public InstallReport Uninstall()
    {
        InstallReceipt receipt = new(options.ReceiptPath);
        RequireOwn(receipt, options.ConfigPath, content: null);
        RequireOwn(receipt, options.PluginPath, content: null);
        InstalledFile[] files = [Remove(options.ConfigPath), Remove(options.PluginPath)];
        receipt.Delete();
        return new InstallReport(files, []);
    }

    private static byte[] ReadPlugin(string source)
    {
        try
        {
            return File.ReadAllBytes(source);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{Attempt}: {e.Message} (it lies beside weft as a rule; else give it with --plugin)", e);
        }
    }

    private void RequireOwn(InstallReceipt receipt, string path, byte[]? content)
    {
        bool isOwn = !Path.Exists(path) || receipt.Covers(path) || (content is not null && File.ReadAllBytes(path).SequenceEqual(content));
        if (!isOwn && !options.Force)
        {
            throw new IOException(
                $"replace or remove {path}: it is not as 'weft cni install' wrote it, so somebody may need it (look at it; --force does it "
                    + "nevertheless)");
        }
    }

    private static InstalledFile Write(string path, byte[] content, UnixFileMode mode)
    {
        if (File.Exists(path) && File.GetUnixFileMode(path) == mode && File.ReadAllBytes(path).SequenceEqual(content))
        {
            return new InstalledFile(path, "unchanged");
        }

        AtomicFile.Write(path, content, mode);
        return new InstalledFile(path, "written");
    }

    private static InstalledFile Remove(string path) => new(path, AtomicFile.Delete(path) ? "removed" : "absent");

    private IEnumerable<string> Warnings(NetworkSpec network)
    {
        foreach (string plugin in network.Chain.Where(plugin => !File.Exists(Path.Combine(options.BinDirectory, plugin))))
        {
            yield return $"there is no {plugin} in {options.BinDirectory}: make sure that the runtime finds it elsewhere, or pods will not start";
        }

        string[] earlier =
        [
            .. Directory.EnumerateFiles(options.ConfigDirectory).Select(file => Path.GetFileName(file))
                .Where(file => Path.GetExtension(file) is ".conf" or ".conflist" or ".json")
                .Where(file => string.CompareOrdinal(file, InstallOptions.FileName) < 0).Order(StringComparer.Ordinal),
        ];
        if (earlier.Length > 0)
        {
            yield return $"runtimes that take one network take the first, and {earlier[0]} in {options.ConfigDirectory} comes before {InstallOptions.FileName}";
        }
    }
}
