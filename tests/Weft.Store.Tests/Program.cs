using Weft.Store.Tests.Processes;
using Xunit.Runner.InProc.SystemConsole;

namespace Weft.Store.Tests;

/// <summary>Runs the tests, or the part of one that has to be a process of its own.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) =>
        args is [StoreProcess.Command, .. string[] rest] ? StoreProcess.RunAsync(rest) : ConsoleRunner.Run(args);
}
