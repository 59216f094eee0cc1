using Weft.Api.Endpoints;
using Weft.Cni.Protocol;
using Weft.Cni.Results;

namespace Weft.Cni.Verbs;

/// <summary>ADD: the agent makes the interface and answers when packets flow.</summary>
internal static class AddVerb
{
    private const string NamespaceLabel = "k8s:io.kubernetes.pod.namespace=";

    public static async Task<AddResult> RunAsync(AgentCalls agent, NetworkConfig config, CniAttachment attachment)
    {
        AddResult earlier = PreviousResult.Read(config) ?? new AddResult();
        (string? podNamespace, string? pod) = attachment.Arguments;
        EndpointResource endpoint = await agent.CreateAsync(new EndpointChangeRequest
        {
            CniNetwork = config.Name,
            ContainerId = attachment.ContainerId,
            ContainerInterfaceName = attachment.Interface,
            K8sNamespace = podNamespace,
            K8sPodName = pod,
            Labels = podNamespace is null ? [] : [NamespaceLabel + podNamespace],
            Netns = attachment.Netns,
        });
        EndpointStatus status = AgentCalls.StatusOf(endpoint);
        return AddResultBuilder.Append(earlier, status.Networking!, attachment, config.CniVersion!);
    }
}
