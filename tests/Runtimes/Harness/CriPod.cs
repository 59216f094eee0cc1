using System.Text.Json;
using Weft.Cri.Wire;
using Weft.Tests.Shared;

namespace Runtimes.Harness;

/// <summary>A pod that was made through CRI, and its one container.</summary>
internal sealed class CriPod(CriPods pods, string name, string sandbox, string container) : Container
{
    private const long CommandSeconds = 20;

    private IReadOnlyList<string>? _addresses;

    public override string Id => sandbox;

    public string Name => name;

    /// <summary>Of the sandbox's own process, which holds the pod's namespaces.</summary>
    public override int Pid
    {
        get
        {
            using JsonDocument info = JsonDocument.Parse(pods.Find(sandbox)!.Info["info"]);
            return info.RootElement.GetProperty("pid").GetInt32();
        }
    }

    public override IReadOnlyList<string> Addresses
    {
        get
        {
            if (_addresses is null)
            {
                PodSandboxNetworkStatus network = pods.Find(sandbox)!.Status.Network;
                _addresses = [network.Ip, .. network.AdditionalIps.Select(address => address.Ip)];
            }

            return _addresses;
        }
    }

    public override ToolResult RunUnchecked(params string[] command)
    {
        ExecSyncResponse answer = pods.Calls.ExecSync(
            new ExecSyncRequest { ContainerId = container, Cmd = { command }, Timeout = CommandSeconds }, deadline: CriPods.Deadline);
        return new ToolResult(answer.ExitCode, answer.Stdout.ToStringUtf8(), answer.Stderr.ToStringUtf8());
    }

    public void Stop() => pods.Stop(sandbox);

    public override void Dispose()
    {
        if (pods.Find(sandbox) is not null)
        {
            pods.Remove(sandbox);
        }
    }
}
