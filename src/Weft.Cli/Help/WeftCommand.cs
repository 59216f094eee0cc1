using System.CommandLine;

namespace Weft.Cli.Help;

/// <summary>A command whose help shows examples.</summary>
internal sealed class WeftCommand(string name, string description, params IReadOnlyList<Example> examples) : Command(name, description)
{
    public IReadOnlyList<Example> Examples { get; } = examples;
}
