using System.Diagnostics;
using Weft.Tests.Shared;

namespace EndToEnd.Harness;

/// <summary>Runs the published 'weft', as a user does.</summary>
internal static class WeftProgram
{
    /// <summary>Enough for a lab; on an emulated kernel the verifier takes minutes where two agents start at once.</summary>
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(KernelScenario.IsEmulated ? 600 : 180);

    /// <summary>Where './run build' puts the programs.</summary>
    public static string OutDirectory { get; } =
        Environment.GetEnvironmentVariable("WEFT_OUT") is { Length: > 0 } given ? given : System.IO.Path.Combine(FindRoot(), "out");

    public static string Path => System.IO.Path.Combine(OutDirectory, "weft");

    /// <summary>Standard output of a call that has to exit with 0.</summary>
    public static string Run(params string[] arguments)
    {
        ToolResult result = RunUnchecked(arguments);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException(
                $"weft {string.Join(' ', arguments)}: exit code {result.ExitCode}\n{result.Error.Trim()}\n{result.Output.Trim()}");
    }

    public static ToolResult RunUnchecked(params string[] arguments) => RunProgram(Path, arguments);

    public static ToolResult RunProgram(string program, params string[] arguments)
    {
        using Process process = Start(program, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_deadline))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)}: still runs after {s_deadline.TotalSeconds} s");
        }

        return new ToolResult(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    public static Process Start(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Weft.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"find Weft.slnx above {AppContext.BaseDirectory}: not there");
    }
}
