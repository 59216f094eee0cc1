using System.Text.Json;
using Weft.Cli.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cli.Tests;

public sealed class CniInstallTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("weft-cni-install-");

    public CniInstallTests() => File.WriteAllText(Source, "the plugin");

    private string Source => Path.Combine(_directory.FullName, "built");

    private string Plugin => Path.Combine(_directory.FullName, "bin", "weft-cni");

    private string Config => Path.Combine(_directory.FullName, "net.d", "10-weft.conflist");

    private string Places => $"--bin-dir {Path.GetDirectoryName(Plugin)} --conf-dir {Path.GetDirectoryName(Config)}";

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Plugin_and_network_are_where_runtimes_look_with_their_modes()
    {
        CliResult result = await InstallAsync();

        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Equal($"{Plugin}: written\n{Config}: written\n", result.Output);
        Assert.Equal("the plugin", await File.ReadAllTextAsync(Plugin));
        Assert.Equal("-rwxr-xr-x", Mode(Plugin));
        Assert.Equal("-rw-r--r--", Mode(Config));
        Golden.Matches("cni-conflist.json", await File.ReadAllTextAsync(Config));
    }

    [Fact]
    public async Task A_chain_has_its_capabilities_and_says_which_plugins_are_missing()
    {
        CliResult result = await InstallAsync("--chain portmap,bandwidth,tuning --name pods --socket /run/other.sock");

        Assert.Equal(0, result.Code);
        Assert.Contains("there is no portmap in", result.Error, StringComparison.Ordinal);
        Golden.Matches("cni-conflist-chain.json", await File.ReadAllTextAsync(Config));
    }

    [Fact]
    public async Task A_second_installation_changes_what_differs_and_no_more()
    {
        await InstallAsync();
        await File.WriteAllTextAsync(Source, "a newer plugin");

        CliResult result = await InstallAsync("-o json");

        Assert.Equal(
            ["written", "unchanged"],
            JsonDocument.Parse(result.Output).RootElement.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("change").GetString()));
        Assert.Equal("a newer plugin", await File.ReadAllTextAsync(Plugin));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_somebody_else_wrote_stays_unless_forced(bool isConfig)
    {
        await InstallAsync();
        string changed = isConfig ? Config : Plugin;
        await File.AppendAllTextAsync(changed, "by hand");

        CliResult install = await InstallAsync("--chain portmap");
        CliResult uninstall = await CliRun.Weft($"cni uninstall {Places}");

        Assert.Equal((1, 1), (install.Code, uninstall.Code));
        Assert.Contains(changed, install.Error, StringComparison.Ordinal);
        Assert.Contains("--force", uninstall.Error, StringComparison.Ordinal);
        Assert.EndsWith("by hand", await File.ReadAllTextAsync(changed), StringComparison.Ordinal);
        Assert.True(File.Exists(Config) && File.Exists(Plugin));
        Assert.Equal(0, (await InstallAsync("--force")).Code);
        Assert.DoesNotContain("by hand", await File.ReadAllTextAsync(changed), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Uninstall_leaves_nothing_and_can_be_repeated()
    {
        await InstallAsync();

        CliResult first = await CliRun.Weft($"cni uninstall {Places}");
        CliResult second = await CliRun.Weft($"cni uninstall {Places}");

        Assert.Equal($"{Config}: removed\n{Plugin}: removed\n", first.Output);
        Assert.Equal($"{Config}: absent\n{Plugin}: absent\n", second.Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(Plugin)!));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(Config)!));
    }

    [Fact]
    public async Task Another_network_that_comes_first_is_told()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Config)!);
        await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(Config)!, "05-other.conflist"), "{}");

        CliResult result = await InstallAsync();

        Assert.Equal(0, result.Code);
        Assert.Contains("05-other.conflist", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plugin_that_is_not_there_is_told_and_nothing_is_written()
    {
        File.Delete(Source);

        CliResult result = await InstallAsync();

        Assert.Equal(1, result.Code);
        Assert.Contains("--plugin", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Config));
    }

    [Theory]
    [InlineData("--name ../x")]
    [InlineData("--chain portmap,a/b")]
    public async Task A_name_with_a_slash_is_refused(string option) => Assert.Equal(2, (await InstallAsync(option)).Code);

    private Task<CliResult> InstallAsync(string more = "") => CliRun.Weft($"cni install {Places} --plugin {Source} {more}");

    private static string Mode(string path) => Tool.Run("stat", "-c", "%A", path).Trim();
}
