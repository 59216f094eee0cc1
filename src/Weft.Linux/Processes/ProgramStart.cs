namespace Weft.Linux.Processes;

/// <summary>A program to be run as a new process or in place of this one.</summary>
/// <param name="Path">Absolute, or relative to the working directory: PATH is not searched (see <see cref="ProgramFinder"/>).</param>
/// <param name="Arguments">Without the program's own name.</param>
public sealed record ProgramStart(string Path, IReadOnlyList<string> Arguments)
{
    /// <summary>NAME=VALUE each; null: those of this process.</summary>
    public IReadOnlyList<string>? Environment { get; init; }

    internal string?[] Argv() => [Path, .. Arguments, null];

    internal string?[] Envp() => [.. Environment ?? CurrentEnvironment(), null];

    private static List<string> CurrentEnvironment()
    {
        List<string> variables = [];
        foreach (System.Collections.DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            variables.Add($"{variable.Key}={variable.Value}");
        }

        return variables;
    }
}
