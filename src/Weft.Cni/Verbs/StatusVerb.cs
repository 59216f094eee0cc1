using Weft.Api.Status;
using Weft.Cni.Protocol;

namespace Weft.Cni.Verbs;

/// <summary>STATUS: would an ADD succeed now?</summary>
internal static class StatusVerb
{
    /// <remarks>Failing controllers are a warning and stop no ADD; without the store there is no identity for a new pod.</remarks>
    public static async Task RunAsync(AgentCalls agent)
    {
        StatusResponse status = await agent.GetStatusAsync();
        Require(status.Agent, "the agent");
        Require(status.Kvstore, "its store");
    }

    private static void Require(ComponentStatus? component, string name)
    {
        if (component is { State: ComponentState.Failure })
        {
            throw new CniException(CniErrorCode.NotAvailable, $"this node can take no pods: {name} fails: {component.Message}");
        }
    }
}
