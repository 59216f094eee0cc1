using System.CommandLine;
using System.Text;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cli.Tests;

public class HelpTests
{
    [Fact]
    public async Task Help_is_as_recorded() => Golden.Matches("help.txt", (await CliRun.Weft("--help")).Output);

    [Fact]
    public async Task No_words_are_help_too() => Assert.Equal(await CliRun.Weft("--help"), await CliRun.Weft(""));

    [Fact]
    public void Every_command_has_a_description_and_every_action_examples()
    {
        foreach (Command command in AllCommands())
        {
            string path = HelpWriter.PathOf(command);
            Assert.False(string.IsNullOrWhiteSpace(command.Description), $"{path} has no description");
            Assert.All(command.Arguments, a => Assert.False(string.IsNullOrWhiteSpace(a.Description), $"{path} {a.Name} has no description"));
            Assert.All(command.Options, o => Assert.False(string.IsNullOrWhiteSpace(o.Description), $"{path} {o.Name} has no description"));
            Assert.True(
                command.Subcommands.Count > 0 || command is WeftCommand { Examples.Count: > 0 }, $"{path} has no examples");
        }
    }

    [Fact]
    public void Every_example_of_this_program_is_a_valid_command_line()
    {
        IEnumerable<string> examples = AllCommands().OfType<WeftCommand>().SelectMany(c => c.Examples)
            .Select(e => e.Command).Where(line => line.StartsWith("weft ", StringComparison.Ordinal));
        foreach (string example in examples)
        {
            ParseResult parse = Root().Parse(example.Split('|', '>')[0]["weft ".Length..]);

            Assert.True(parse.Errors.Count == 0, $"{example}: {string.Join(' ', parse.Errors)}");
            Assert.NotNull(parse.CommandResult.Command.Action);
        }
    }

    [Fact]
    public void Reference_is_up_to_date() => Golden.Matches("../../../docs/reference/cli.md", Reference());

    private static string Reference()
    {
        StringBuilder text = new();
        text.Append("# The command line\n\nGenerated from the commands by `tests/Weft.Cli.Tests` (`WEFT_UPDATE_GOLDEN=1` rewrites it).\n\n");
        text.Append("Exit codes: 0 done, 1 failed (or `status` found something wrong), 2 the command line cannot be meant, 3 no agent answers.\n");
        foreach (Command command in AllCommands())
        {
            using StringWriter help = new() { NewLine = "\n" };
            HelpWriter.Write(command, help);
            string body = command is RootCommand ? help.ToString() : help.ToString().Split("\nOptions of all commands:")[0];
            text.Append($"\n## {HelpWriter.PathOf(command)}\n\n```text\n{body.TrimEnd()}\n```\n");
        }

        return text.ToString();
    }

    private static RootCommand Root() => RootCommandBuilder.Create(Machine.Empty.ToHost(Stream.Null, TextWriter.Null));

    private static IEnumerable<Command> AllCommands() => WithDescendants(Root());

    private static IEnumerable<Command> WithDescendants(Command command) =>
        command.Subcommands.Where(c => !c.Hidden).SelectMany(WithDescendants).Prepend(command);
}
