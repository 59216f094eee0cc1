using Weft.Cli.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cli.Tests;

public sealed class CompletionTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("weft-cli-");

    public void Dispose() => _root.Delete(recursive: true);

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Script_is_as_recorded(string shell)
    {
        CliResult result = await CliRun.Weft($"completion {shell}");

        Assert.Equal((0, ""), (result.Code, result.Error));
        Golden.Matches($"completion.{shell}", result.Output);
    }

    [Fact]
    public async Task Bash_accepts_its_script()
    {
        string script = Path.Combine(_root.FullName, "weft.bash");
        await File.WriteAllTextAsync(script, (await CliRun.Weft("completion bash")).Output);

        Assert.Equal("", Tool.Run("bash", "-n", script));
    }

    [Theory]
    [InlineData("st", "st", "status start")]
    [InlineData("config De", "config De", "Debug=Enabled Debug=Disabled")]
    [InlineData("config Debug=", "config Debug =", "Enabled Disabled")]
    [InlineData("config Debug=E", "config Debug = E", "Enabled")]
    [InlineData("nothing", "nothing", "")]
    public async Task Bash_completes_by_asking_the_program(string typed, string words, string completed)
    {
        // A program that answers as weft does, so that the test is of the script alone.
        string weft = Path.Combine(_root.FullName, "weft");
        await File.WriteAllTextAsync(weft, "#!/bin/sh\necho \"$1\" > \"$0.asked\"\nprintf 'status\\nstart\\nDebug=Enabled\\nDebug=Disabled\\n'\n");
        File.SetUnixFileMode(weft, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string script = (await CliRun.Weft("completion bash")).Output;
        int position = "weft ".Length + typed.Length;

        string replies = Tool.Run(
            "bash", "-c",
            $"{script}\nCOMP_WORDS=({weft} {words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n"
            + $"COMP_LINE='weft {typed}'; COMP_POINT={position}; _weft; echo \"${{COMPREPLY[@]}}\"");

        Assert.Equal(completed, replies.Trim());
        Assert.Equal($"[suggest:{position}]\n", await File.ReadAllTextAsync(weft + ".asked"));
    }

    [Theory]
    [InlineData("weft endpoint ", "list")]
    [InlineData("weft bpf ct list ", "global")]
    [InlineData("weft config De", "Debug=Enabled")]
    [InlineData("weft monitor --type ", "drop")]
    [InlineData("weft status -o ", "json")]
    public async Task Words_are_suggested(string typed, string suggestion) =>
        Assert.Contains(suggestion, await SuggestAsync(Machine.Empty, typed));

    [Fact]
    public async Task Labs_and_nodes_that_are_up_are_suggested()
    {
        Directory.CreateDirectory(Path.Combine(_root.FullName, "default", "nodes", "bpf1"));
        Machine machine = new() { LabsDirectory = _root.FullName };

        Assert.Contains("default", await SuggestAsync(machine, "weft --lab "));
        Assert.Contains("bpf1", await SuggestAsync(machine, "weft --lab default --node "));
        Assert.Contains("bpf1", await SuggestAsync(machine, "weft --node "));
    }

    [Fact]
    public async Task Endpoints_of_the_node_are_suggested()
    {
        using FakeAgent agent = Bpf1.StartAgent();

        Assert.Contains("3663", await SuggestAsync(Bpf1.MachineOf(agent), "weft endpoint get "));
    }

    [Fact]
    public async Task Missing_agent_leaves_the_other_suggestions() =>
        Assert.Contains("--help", await SuggestAsync(Machine.Empty, "weft endpoint get --h"));

    [Fact]
    public async Task Options_wait_for_a_dash()
    {
        Assert.DoesNotContain(await SuggestAsync(Machine.Empty, "weft bpf "), word => word.StartsWith('-'));
        Assert.Equal(["--verbose"], await SuggestAsync(Machine.Empty, "weft status --verb"));
    }

    [Fact]
    public async Task Cursor_within_the_line_counts()
    {
        CliResult result = await CliRun.Weft(Machine.Empty, ["[suggest:9]", "weft stat --brief"]);

        Assert.Equal(new CliResult(0, "status\n", ""), result);
    }

    private static async Task<string[]> SuggestAsync(Machine machine, string typed)
    {
        CliResult result = await CliRun.Weft(machine, [$"[suggest:{typed.Length}]", typed]);
        Assert.Equal((0, ""), (result.Code, result.Error));
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
