using System.CommandLine;

namespace Weft.Cli.Policies;

/// <summary>A text of policy documents, as <c>--file</c> names it.</summary>
/// <param name="Name">How messages call it.</param>
internal sealed record PolicyFile(string Name, string Text)
{
    private const string StandardInput = "-";

    public static Option<string?> CreateOption(bool isRequired = true) => new("--file", "-f")
    {
        Description = "The documents (YAML or JSON); '-' reads standard input",
        HelpName = "PATH",
        Required = isRequired,
    };

    public static async Task<PolicyFile> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return path == StandardInput
                ? new PolicyFile("stdin", await Console.In.ReadToEndAsync(cancellationToken))
                : new PolicyFile(path, await File.ReadAllTextAsync(path, cancellationToken));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"read policies {path}: {error.Message}", error);
        }
    }
}
