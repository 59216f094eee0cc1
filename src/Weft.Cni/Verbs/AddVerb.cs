using Weft.Api.Endpoints;
using Weft.Api.Ipam;
using Weft.Cni.Agent;
using Weft.Cni.Deferred;
using Weft.Cni.Protocol;
using Weft.Cni.Results;

namespace Weft.Cni.Verbs;

/// <summary>ADD: the agent makes the interface and answers when packets flow.</summary>
internal static class AddVerb
{
    private const string NamespaceLabel = "k8s:io.kubernetes.pod.namespace=";

    /// <param name="deliver">Gives the runtime the result; the endpoint stays only if that succeeds.</param>
    public static void Run(AgentCalls agent, NetworkConfig config, CniAttachment attachment, Action<AddResult> deliver)
    {
        AddResult earlier = PreviousResult.Read(config) ?? new AddResult();
        EndpointChangeRequest request = RequestOf(config, attachment);
        try
        {
            using PendingEndpoint made = agent.Create(request);
            EndpointStatus status = AgentCalls.StatusOf(made.Endpoint);
            deliver(AddResultBuilder.Append(earlier, status.Networking!, attachment, config.CniVersion!));
            made.Confirm();
        }
        catch (AgentLostException e) when (e.WasAsked)
        {
            // Whatever it had made by then must not stay.
            DeletionNote.Leave(config.AgentSocket, attachment);
            throw;
        }
    }

    private static EndpointChangeRequest RequestOf(NetworkConfig config, CniAttachment attachment)
    {
        CniArguments pod = attachment.Arguments;
        AddressRequest wanted = AddressRequestReader.Read(config, pod);
        return new EndpointChangeRequest
        {
            Addressing = wanted.IPv4 is null && wanted.IPv6 is null ? null : new AddressPair { Ipv4 = wanted.IPv4, Ipv6 = wanted.IPv6 },
            CniNetwork = config.Name,
            ContainerId = attachment.ContainerId,
            ContainerInterfaceName = attachment.Interface,
            FreeIngressQdisc = config.RuntimeConfig is { LimitsSending: true } ? true : null,
            K8sNamespace = pod.PodNamespace,
            K8sPodName = pod.PodName,
            K8sUid = pod.PodUid,
            Labels = pod.PodNamespace is null ? [] : [NamespaceLabel + pod.PodNamespace],
            Mac = wanted.Mac,
            Netns = attachment.Netns,
        };
    }
}
