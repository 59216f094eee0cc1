using System.Diagnostics;
using Weft.Linux;

namespace Weft.Bench.Topologies;

/// <summary>Calls a CNI plugin as a container runtime does.</summary>
internal sealed class CniCaller
{
    private const string Plugins = "/usr/lib/cni";

    private readonly string _program;
    private readonly string _config;
    private readonly SingleNode _node;

    private CniCaller(string program, string config, SingleNode node)
    {
        _program = program;
        _config = config;
        _node = node;
    }

    public static CniCaller Weft(string program, SingleNode node) =>
        new(program, $$"""{"cniVersion":"1.0.0","name":"bench","type":"weft-cni","socket":"{{node.Socket}}" }""", node);

    /// <summary>The reference plugins, in the node's namespace; what they remember is on disk beside the node's own files.</summary>
    public static CniCaller Reference(SingleNode node) => new(
        Path.Combine(Plugins, "ptp"),
        $$"""
        {"cniVersion":"1.0.0","name":"bench","type":"ptp",
         "ipam":{"type":"host-local","dataDir":"{{Path.GetDirectoryName(node.Socket)}}/ptp",
                 "ranges":[[{"subnet":"10.0.4.0/22"}]],"routes":[{"dst":"0.0.0.0/0"}] } }
        """,
        node);

    /// <returns>From the start of the process to its end.</returns>
    public TimeSpan Time(string verb, string pod)
    {
        ProcessStartInfo start = new(_program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["CNI_COMMAND"] = verb,
                ["CNI_CONTAINERID"] = pod,
                ["CNI_NETNS"] = Path.Combine(NetworkNamespace.Directory, pod),
                ["CNI_IFNAME"] = "eth0",
                ["CNI_PATH"] = Plugins,
                ["CNI_ARGS"] = $"IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME={pod}",
            },
        };
        return _node.Namespace.Run(() =>
        {
            long begin = Stopwatch.GetTimestamp();
            using Process process = Process.Start(start)!;
            process.StandardInput.Write(_config);
            process.StandardInput.Close();
            string output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
            process.WaitForExit();
            TimeSpan time = Stopwatch.GetElapsedTime(begin);
            return process.ExitCode == 0 ? time : throw new InvalidOperationException($"{verb} of {_program} for {pod}: {output}");
        });
    }
}
