using System.Diagnostics;

namespace Weft.Tests.Shared;

/// <summary>
/// Runs the programs that people use (<c>ip</c>, <c>bridge</c>, <c>bpftool</c>), so that tests check from outside what the code did.
/// </summary>
public static class Tool
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);

    /// <summary>Standard output of a program that has to exit with 0.</summary>
    public static string Run(string program, params string[] arguments)
    {
        ToolResult result = RunUnchecked(program, arguments);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException(
                $"run {program} {string.Join(' ', arguments)}: exit code {result.ExitCode}: {result.Error.Trim()}");
    }

    public static ToolResult RunUnchecked(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        // The output ends only when the last child that inherited it has ended, so its end has a deadline too.
        if (!Task.WaitAll([output, error], s_deadline) || !process.WaitForExit(s_deadline))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"run {program} {string.Join(' ', arguments)}: still running after {s_deadline}");
        }

        return new ToolResult(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }
}
