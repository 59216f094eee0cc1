using System.Text;
using Weft.Api.Cluster;
using Weft.Api.Config;
using Weft.Api.Endpoints;
using Weft.Api.Health;
using Weft.Api.Identities;
using Weft.Api.Ipam;
using Weft.Api.Maps;
using Weft.Api.Services;
using Weft.Api.Status;
using Weft.Api.Tracing;

namespace Weft.Api;

public sealed partial class AgentClient
{
    public Task<StatusResponse> GetStatusAsync(CancellationToken cancellationToken = default) =>
        GetAsync(ApiPaths.Health, ApiJson.Default.StatusResponse, cancellationToken);

    /// <summary>The node's addresses, and to whom they are given.</summary>
    public Task<IpamListing> GetAddressesAsync(CancellationToken cancellationToken = default) =>
        GetAsync(ApiPaths.Ipam, ApiJson.Default.IpamListing, cancellationToken);

    /// <summary>What differs between addresses, endpoints, devices and maps.</summary>
    /// <param name="repair">Puts it right too.</param>
    public Task<IpamCheck> CheckAddressesAsync(bool repair, CancellationToken cancellationToken = default) => SendAsync(
        repair ? HttpMethod.Post : HttpMethod.Get, ApiPaths.IpamCheck, body: null, ApiJson.Default.IpamCheck, cancellationToken);

    public Task<HealthStatusResponse> GetClusterHealthAsync(CancellationToken cancellationToken = default) =>
        GetAsync(ApiPaths.ClusterHealth, ApiJson.Default.HealthStatusResponse, cancellationToken);

    /// <summary>Probes all nodes first; takes as long as the slowest does not answer.</summary>
    public Task<HealthStatusResponse> ProbeClusterHealthAsync(CancellationToken cancellationToken = default) =>
        SendAsync(
            HttpMethod.Put, ApiPaths.ClusterHealthProbe, body: null, ApiJson.Default.HealthStatusResponse, cancellationToken);

    public Task<DaemonConfiguration> GetConfigAsync(CancellationToken cancellationToken = default) =>
        GetAsync(ApiPaths.Config, ApiJson.Default.DaemonConfiguration, cancellationToken);

    public Task PatchConfigAsync(DaemonConfigurationSpec change, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Patch, ApiPaths.Config, Json(change, ApiJson.Default.DaemonConfigurationSpec), cancellationToken);

    public Task<IReadOnlyList<EndpointResource>> GetEndpointsAsync(CancellationToken cancellationToken = default) =>
        GetAsync(ApiPaths.Endpoint, ApiJson.Default.EndpointList, cancellationToken);

    /// <param name="id">As in <see cref="ApiPaths.EndpointOf"/>.</param>
    public Task<EndpointResource> GetEndpointAsync(string id, CancellationToken cancellationToken = default) =>
        GetAsync(ApiPaths.EndpointOf(id), ApiJson.Default.EndpointResource, cancellationToken);

    /// <summary>Creates an endpoint with its devices; returns when packets flow.</summary>
    public Task<EndpointResource> CreateEndpointAsync(EndpointChangeRequest request, CancellationToken cancellationToken = default) =>
        SendAsync(
            HttpMethod.Put, ApiPaths.EndpointOf("0"), Json(request, ApiJson.Default.EndpointChangeRequest),
            ApiJson.Default.EndpointResource, cancellationToken);

    /// <param name="id">As in <see cref="ApiPaths.EndpointOf"/>.</param>
    public Task PatchEndpointAsync(string id, EndpointChangeRequest change, CancellationToken cancellationToken = default) =>
        SendAsync(
            HttpMethod.Patch, ApiPaths.EndpointOf(id), Json(change, ApiJson.Default.EndpointChangeRequest), cancellationToken);

    /// <param name="id">As in <see cref="ApiPaths.EndpointOf"/>.</param>
    public Task DeleteEndpointAsync(string id, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Delete, ApiPaths.EndpointOf(id), body: null, cancellationToken);

    public Task<EndpointConfigurationStatus> GetEndpointConfigAsync(string id, CancellationToken cancellationToken = default) =>
        GetAsync(ApiPaths.EndpointOf(id, "config"), ApiJson.Default.EndpointConfigurationStatus, cancellationToken);

    public Task PatchEndpointConfigAsync(
        string id, EndpointConfigurationSpec change, CancellationToken cancellationToken = default) =>
        SendAsync(
            HttpMethod.Patch, ApiPaths.EndpointOf(id, "config"),
            Json(change, ApiJson.Default.EndpointConfigurationSpec), cancellationToken);

    public Task<LabelConfiguration> GetEndpointLabelsAsync(string id, CancellationToken cancellationToken = default) =>
        GetAsync(ApiPaths.EndpointOf(id, "labels"), ApiJson.Default.LabelConfiguration, cancellationToken);

    /// <summary>Replaces the labels that a user added; the endpoint may get another identity.</summary>
    public Task PatchEndpointLabelsAsync(string id, LabelConfigurationSpec labels, CancellationToken cancellationToken = default) =>
        SendAsync(
            HttpMethod.Patch, ApiPaths.EndpointOf(id, "labels"), Json(labels, ApiJson.Default.LabelConfigurationSpec), cancellationToken);

    public Task<IReadOnlyList<EndpointStatusChange>> GetEndpointLogAsync(string id, CancellationToken cancellationToken = default) =>
        GetAsync(ApiPaths.EndpointOf(id, "log"), ApiJson.Default.EndpointLog, cancellationToken);

    public Task<EndpointHealth> GetEndpointHealthAsync(string id, CancellationToken cancellationToken = default) =>
        GetAsync(ApiPaths.EndpointOf(id, "healthz"), ApiJson.Default.EndpointHealth, cancellationToken);

    public Task<IReadOnlyList<IdentityResource>> GetIdentitiesAsync(CancellationToken cancellationToken = default) =>
        GetAsync(ApiPaths.Identity, ApiJson.Default.IdentityList, cancellationToken);

    public Task<IdentityResource> GetIdentityAsync(long id, CancellationToken cancellationToken = default) =>
        GetAsync($"{ApiPaths.Identity}/{id}", ApiJson.Default.IdentityResource, cancellationToken);

    public Task<ClusterNodeStatus> GetNodesAsync(CancellationToken cancellationToken = default) =>
        GetAsync(ApiPaths.ClusterNodes, ApiJson.Default.ClusterNodeStatus, cancellationToken);

    /// <summary>Takes the next free address of the node's pod CIDR.</summary>
    /// <param name="owner">Who has it, shown in the status.</param>
    public Task<IpamResponse> AllocateAddressAsync(string owner, CancellationToken cancellationToken = default) =>
        SendAsync(
            HttpMethod.Post, $"{ApiPaths.Ipam}?family=ipv4&owner={Uri.EscapeDataString(owner)}", body: null,
            ApiJson.Default.IpamResponse, cancellationToken);

    public Task ReleaseAddressAsync(string address, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Delete, $"{ApiPaths.Ipam}/{Uri.EscapeDataString(address)}", body: null, cancellationToken);

    public Task<BpfMapList> GetMapsAsync(CancellationToken cancellationToken = default) =>
        GetAsync(ApiPaths.Map, ApiJson.Default.BpfMapList, cancellationToken);

    public Task<BpfMap> GetMapAsync(string name, CancellationToken cancellationToken = default) =>
        GetAsync($"{ApiPaths.Map}/{Uri.EscapeDataString(name)}", ApiJson.Default.BpfMap, cancellationToken);

    public Task<IReadOnlyList<ServiceResource>> GetServicesAsync(CancellationToken cancellationToken = default) =>
        GetAsync(ApiPaths.Service, ApiJson.Default.ServiceResources, cancellationToken);

    public Task<ServiceResource> GetServiceAsync(long id, CancellationToken cancellationToken = default) =>
        GetAsync($"{ApiPaths.Service}/{id}", ApiJson.Default.ServiceResource, cancellationToken);

    /// <summary>Writes Services and EndpointSlices to the cluster's store.</summary>
    /// <param name="manifests">YAML or JSON; checked by the agent as a whole before anything is written.</param>
    public Task<ManifestReport> PutManifestsAsync(string manifests, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Put, ApiPaths.Manifests, Yaml(manifests), ApiJson.Default.ManifestReport, cancellationToken);

    /// <summary>Deletes what the manifests name from the cluster's store; a service's slices go with it.</summary>
    public Task<ManifestReport> DeleteManifestsAsync(string manifests, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, ApiPaths.ManifestDeletion, Yaml(manifests), ApiJson.Default.ManifestReport, cancellationToken);

    /// <summary>Opens the event stream: frames as Weft.Events reads them, until either side hangs up.</summary>
    /// <remarks>The caller disposes the stream, which is how the agent learns that the events are not wanted any more.</remarks>
    public async Task<Stream> OpenMonitorAsync(MonitorRequest request, CancellationToken cancellationToken = default)
    {
        HttpResponseMessage response = await OpenAsync(HttpMethod.Get, request.ToPath(), body: null, cancellationToken);
        return await response.Content.ReadAsStreamAsync(cancellationToken);
    }

    /// <summary>Follows packets on the agent's node: frames as Weft.Events reads them, until either side hangs up.</summary>
    /// <remarks>The first frame comes when packets are followed. The caller disposes the stream, which ends the trace.</remarks>
    public async Task<Stream> OpenHopsAsync(HopRequest request, CancellationToken cancellationToken = default)
    {
        HttpResponseMessage response = await OpenAsync(HttpMethod.Get, request.ToPath(), body: null, cancellationToken);
        return await response.Content.ReadAsStreamAsync(cancellationToken);
    }

    /// <summary>Ends a stream of hops: it tells what was seen until now, and how much was lost, and ends.</summary>
    /// <param name="id">From the stream.</param>
    public Task EndHopsAsync(string id, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Delete, $"{ApiPaths.TraceHops}/{Uri.EscapeDataString(id)}", body: null, cancellationToken);

    /// <summary>Has the agent send one packet, and waits for what comes back.</summary>
    public Task<ProbeAnswer> ProbeAsync(ProbeRequest request, CancellationToken cancellationToken = default) => SendAsync(
        HttpMethod.Post, ApiPaths.TraceProbe, Json(request, ApiJson.Default.ProbeRequest), ApiJson.Default.ProbeAnswer, cancellationToken);

    private static StringContent Yaml(string text) => new(text, Encoding.UTF8, "application/yaml");
}
