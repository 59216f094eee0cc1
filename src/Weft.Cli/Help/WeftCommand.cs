using System.CommandLine;

namespace Weft.Cli.Help;

/// <summary>A command whose help shows examples.</summary>
internal sealed class WeftCommand(string name, string description, params IReadOnlyList<Example> examples) : Command(name, description)
{
    public IReadOnlyList<Example> Examples { get; } = examples;

    /// <summary>It can print the documents that it is about as they were written (<c>-o yaml</c>).</summary>
    public bool HasYaml { get; init; }
}
