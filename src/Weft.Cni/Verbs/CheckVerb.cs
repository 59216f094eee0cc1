using Weft.Api.Endpoints;
using Weft.Cni.Agent;
using Weft.Cni.Protocol;
using Weft.Cni.Results;

namespace Weft.Cni.Verbs;

/// <summary>CHECK: what ADD made is there and is what its result says.</summary>
internal static class CheckVerb
{
    public static void Run(AgentCalls agent, NetworkConfig config, CniAttachment attachment)
    {
        AddResult added = PreviousResult.Read(config)
            ?? throw new CniException(
                CniErrorCode.InvalidConfig, "invalid network configuration: CHECK needs the result of ADD as 'prevResult'");
        EndpointResource endpoint = agent.Get(attachment.EndpointName);
        EndpointStatus status = AgentCalls.StatusOf(endpoint);
        EndpointNetworking networking = status.Networking!;
        EndpointHealth health = status.Health!;
        List<string> problems = [];
        if (health.OverallHealth != HealthState.Ok)
        {
            problems.Add(health.Connected
                ? $"its health is {health.OverallHealth}, its program's {health.Bpf} (see 'weft endpoint get {endpoint.Id}')"
                : $"its device {networking.InterfaceName} on the node is gone or another");
        }

        IReadOnlyList<PodAddress> addresses = PodAddress.Of(networking);
        foreach (PodAddress address in addresses.Where(address =>
            !(added.Addresses ?? []).Any(entry => entry.Address?.Split('/')[0] == address.Address)))
        {
            problems.Add($"its address is {address.Address}, which the result of ADD does not have");
        }

        problems.AddRange(PodProbe.Problems(attachment, addresses));
        if (problems.Count > 0)
        {
            throw new CniException(
                CniErrorCode.NotAsAdded,
                $"check endpoint {endpoint.Id} of {attachment.ContainerId}:{attachment.Interface}: {string.Join("; ", problems)}");
        }
    }
}
