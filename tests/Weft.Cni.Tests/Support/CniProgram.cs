using System.Diagnostics;
using Weft.Agent.Tests.Harness;
using Weft.Tests.Shared;

namespace Weft.Cni.Tests.Support;

/// <summary>The program itself, called as a runtime calls it.</summary>
internal static class CniProgram
{
    public static readonly string Path = System.IO.Path.Combine(AppContext.BaseDirectory, "weft-cni");

    /// <summary>As it is published, where './run test' says where that is.</summary>
    public static readonly string Native = Environment.GetEnvironmentVariable("WEFT_OUT") is { } published
        && File.Exists(System.IO.Path.Combine(published, "weft-cni")) ? System.IO.Path.Combine(published, "weft-cni") : Path;

    public static Task<CniAnswer> CallAsync(TestNode node, TestNamespace pod, string command, string more = "") =>
        CallAsync(node, pod.Path, command, more);

    /// <param name="netns">Path of the pod's namespace, whose last part is the container's id.</param>
    public static async Task<CniAnswer> CallAsync(TestNode node, string netns, string command, string more = "")
    {
        using Process process = Start(new ProcessStartInfo(Path), netns, command);
        return await FinishAsync(process, CniCall.Config(node.Socket, more: more));
    }

    public static Process Start(ProcessStartInfo start, string netns, string command)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.Environment["CNI_COMMAND"] = command;
        start.Environment["CNI_CONTAINERID"] = System.IO.Path.GetFileName(netns);
        start.Environment["CNI_NETNS"] = netns;
        start.Environment["CNI_IFNAME"] = "eth0";
        start.Environment["CNI_ARGS"] = "IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=web-k9x2p;K8S_POD_UID=7d1c";
        return Process.Start(start)!;
    }

    public static async Task<CniAnswer> FinishAsync(Process process, string config)
    {
        try
        {
            await process.StandardInput.WriteAsync(config);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It was killed before it read.
        }

        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
        Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return new CniAnswer(process.ExitCode, await output, await error);
    }

    /// <summary>The result of ADD as later calls carry it.</summary>
    public static string PreviousResult(CniAnswer added) => $""","prevResult":{added.Output}""";
}
