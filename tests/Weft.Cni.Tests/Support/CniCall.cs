using System.Text;
using Weft.Cni.Hosting;

namespace Weft.Cni.Tests.Support;

/// <summary>One call of the plugin in this process, as a container runtime makes it.</summary>
internal sealed class CniCall
{
    public const string ContainerId = "box1";

    /// <summary>Every variable that any verb needs.</summary>
    public Dictionary<string, string?> Environment { get; } = new(StringComparer.Ordinal)
    {
        ["CNI_CONTAINERID"] = ContainerId,
        ["CNI_NETNS"] = "/run/netns/box1",
        ["CNI_IFNAME"] = "eth0",
        ["CNI_ARGS"] = "IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=web-k9x2p;K8S_POD_UID=7d1c",
        ["CNI_PATH"] = "/opt/cni/bin",
    };

    /// <summary>A configuration of a network whose agent listens on a socket.</summary>
    /// <param name="more">Further keys, each with a comma before it.</param>
    public static string Config(string socket, string version = "1.1.0", string more = "", string network = "pods") =>
        $$"""{"cniVersion":"{{version}}","name":"{{network}}","type":"weft-cni","socket":"{{socket}}"{{more}}}""";

    public Task<CniAnswer> RunAsync(string command, string config) => RunAsync(command, Encoding.UTF8.GetBytes(config));

    /// <summary>On a thread of its own: the plugin blocks, and a fake agent needs the others.</summary>
    public Task<CniAnswer> RunAsync(string command, byte[] config) =>
        Task.Factory.StartNew(() => Run(command, config), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private CniAnswer Run(string command, byte[] config)
    {
        Environment["CNI_COMMAND"] = command;
        using MemoryStream output = new();
        using StringWriter error = new() { NewLine = "\n" };
        int code = CniPlugin.Run(new CniHost
        {
            Variable = name => Environment.GetValueOrDefault(name),
            Input = new MemoryStream(config),
            Output = output,
            Error = error,
        });
        return new CniAnswer(code, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }
}
