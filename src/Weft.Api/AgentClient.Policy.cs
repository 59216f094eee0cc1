using System.Globalization;
using Weft.Api.Policies;
using Weft.Api.Services;

namespace Weft.Api;

public sealed partial class AgentClient
{
    public Task<PolicyListing> GetPoliciesAsync(CancellationToken cancellationToken = default) =>
        GetAsync(ApiPaths.Policy, ApiJson.Default.PolicyListing, cancellationToken);

    /// <summary>Writes policies and labels of namespaces to the cluster's store.</summary>
    /// <param name="documents">YAML or JSON; checked by the agent as a whole before anything is written.</param>
    /// <param name="source">How people call the text: messages name its lines with it.</param>
    public Task<ManifestReport> PutPoliciesAsync(string documents, string source, CancellationToken cancellationToken = default) => SendAsync(
        HttpMethod.Put, $"{ApiPaths.Policy}?source={Uri.EscapeDataString(source)}", Yaml(documents), ApiJson.Default.ManifestReport,
        cancellationToken);

    /// <summary>Deletes what the documents name from the cluster's store.</summary>
    public Task<ManifestReport> DeletePoliciesAsync(string documents, string source, CancellationToken cancellationToken = default) => SendAsync(
        HttpMethod.Post, $"{ApiPaths.PolicyDeletion}?source={Uri.EscapeDataString(source)}", Yaml(documents), ApiJson.Default.ManifestReport,
        cancellationToken);

    /// <param name="names"><c>KIND/NAMESPACE/NAME</c>, or <c>KIND/NAME</c>.</param>
    public Task<ManifestReport> DeletePoliciesAsync(IReadOnlyList<string> names, CancellationToken cancellationToken = default) => SendAsync(
        HttpMethod.Delete, $"{ApiPaths.Policy}?{string.Join('&', names.Select(name => $"name={Uri.EscapeDataString(name)}"))}", body: null,
        ApiJson.Default.ManifestReport, cancellationToken);

    /// <summary>Whether a flow is allowed, and why.</summary>
    public Task<PolicyWhyAnswer> ExplainPolicyAsync(PolicyWhyRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return GetAsync(request.ToPath(), ApiJson.Default.PolicyWhyAnswer, cancellationToken);
    }

    /// <summary>The last packet that policy denied an endpoint.</summary>
    /// <param name="endpoint">As in <see cref="ApiPaths.EndpointOf"/>.</param>
    public Task<PolicyLastDenial> GetLastDenialAsync(string endpoint, CancellationToken cancellationToken = default) => GetAsync(
        $"{ApiPaths.PolicyLastDrop}/{Uri.EscapeDataString(endpoint)}", ApiJson.Default.PolicyLastDenial, cancellationToken);

    /// <summary>What applying the documents would change, or deleting what they name.</summary>
    /// <param name="limit">So many pairs of workloads are listed.</param>
    public Task<PolicyDryRunReport> DryRunPoliciesAsync(
        string documents, string source, bool delete, int limit, CancellationToken cancellationToken = default) => SendAsync(
        HttpMethod.Post,
        string.Create(
            CultureInfo.InvariantCulture, $"{ApiPaths.PolicyDryRun}?source={Uri.EscapeDataString(source)}&limit={limit}{(delete ? "&delete=true" : "")}"),
        Yaml(documents), ApiJson.Default.PolicyDryRunReport, cancellationToken);
}
