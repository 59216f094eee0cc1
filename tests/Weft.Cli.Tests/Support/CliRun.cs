using System.Text;
using Weft.Cli.Hosting;

namespace Weft.Cli.Tests.Support;

/// <summary>Runs command lines in this process and keeps what they print.</summary>
internal static class CliRun
{
    /// <param name="line">Words separated by single blanks, without <c>weft</c>.</param>
    public static Task<CliResult> Weft(string line) => Weft(Machine.Empty, line);

    public static Task<CliResult> Weft(Machine machine, string line) =>
        Weft(machine, line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    public static async Task<CliResult> Weft(Machine machine, string[] words)
    {
        using MemoryStream output = new();
        using StringWriter error = new() { NewLine = "\n" };
        int code = await CommandLine.RunAsync(words, machine.ToHost(output, error));
        return new CliResult(code, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }
}
