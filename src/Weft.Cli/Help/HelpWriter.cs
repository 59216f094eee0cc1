using System.CommandLine;
using Weft.Cli.Output;

namespace Weft.Cli.Help;

/// <summary>The help text of a command: what it does, how it is called, examples, its words, the options of all commands.</summary>
internal static class HelpWriter
{
    public static void Write(Command command, TextWriter output)
    {
        output.WriteLine(command.Description);
        output.WriteLine();
        output.WriteLine("Usage:");
        output.WriteLine($"  {UsageOf(command)}");
        WriteExamples(command, output);
        WriteSection("Commands:", command.Subcommands.Where(c => !c.Hidden).Select(c => (NamesOf(c), c.Description)), output);
        WriteSection("Arguments:", command.Arguments.Where(a => !a.Hidden).Select(a => (LabelOf(a), a.Description)), output);
        WriteSection("Options:", OwnOptions(command).Select(o => (LabelOf(o), o.Description)), output);
        WriteSection("Options of all commands:", GlobalOptions(command).Select(o => (LabelOf(o), o.Description)), output);
    }

    /// <summary>The words that lead to a command, from <c>weft</c> on.</summary>
    public static string PathOf(Command command)
    {
        Command? parent = command.Parents.OfType<Command>().FirstOrDefault();
        return parent is null ? "weft" : $"{PathOf(parent)} {command.Name}";
    }

    public static string UsageOf(Command command)
    {
        List<string> words = [PathOf(command)];
        if (command.Subcommands.Count > 0)
        {
            words.Add("COMMAND");
        }

        words.AddRange(command.Arguments.Where(a => !a.Hidden).Select(a =>
            a.Arity.MinimumNumberOfValues == 0 ? $"[{LabelOf(a)}]" : LabelOf(a)));
        words.Add("[options]");
        return string.Join(' ', words);
    }

    public static IEnumerable<Option> OwnOptions(Command command) =>
        command.Options.Where(o => !o.Hidden && !o.Recursive);

    public static IEnumerable<Option> GlobalOptions(Command command) =>
        command.Parents.OfType<Command>().SelectMany(GlobalOptions).Concat(command.Options.Where(o => !o.Hidden && o.Recursive));

    public static string LabelOf(Option option)
    {
        IEnumerable<string> names = option.Aliases.Append(option.Name).OrderBy(n => n.Length);
        string value = option.ValueType == typeof(bool) || option.HelpName is null ? "" : $" {option.HelpName}";
        return string.Join(", ", names) + value;
    }

    public static string LabelOf(Argument argument)
    {
        string name = argument.HelpName ?? argument.Name;
        return argument.Arity.MaximumNumberOfValues > 1 ? $"{name}..." : name;
    }

    private static string NamesOf(Command command) => string.Join(", ", command.Aliases.Prepend(command.Name));

    private static void WriteExamples(Command command, TextWriter output)
    {
        if (command is not WeftCommand { Examples: { Count: > 0 } examples })
        {
            return;
        }

        output.WriteLine();
        output.WriteLine("Examples:");
        TextTable table = new(indent: 2);
        foreach (Example example in examples)
        {
            table.Add(example.Command, $"# {example.Meaning}");
        }

        table.Write(output);
    }

    private static void WriteSection(string title, IEnumerable<(string Label, string? Text)> rows, TextWriter output)
    {
        TextTable table = new(indent: 2);
        foreach ((string label, string? text) in rows)
        {
            table.Add(label, text ?? "");
        }

        if (table.Count == 0)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine(title);
        table.Write(output);
    }
}
