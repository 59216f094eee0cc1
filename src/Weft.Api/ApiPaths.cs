namespace Weft.Api;

/// <summary>Paths of the agent's API. What follows a prefix is one escaped path segment.</summary>
public static class ApiPaths
{
    public const string Health = "/v1/healthz";

    /// <summary>How this node reaches the others, by its last probes.</summary>
    public const string ClusterHealth = "/v1/health";

    /// <summary>The same after probing anew; answered when all probes have ended.</summary>
    public const string ClusterHealthProbe = "/v1/health/probe";

    /// <summary>Whether the node can take pods now.</summary>
    public const string CniStatus = "/v1/cni/status";

    /// <summary>Removes what a container runtime knows no more.</summary>
    public const string CniCollection = "/v1/cni/gc";
    public const string Config = "/v1/config";
    public const string Endpoint = "/v1/endpoint";
    public const string Identity = "/v1/identity";
    public const string ClusterNodes = "/v1/cluster/nodes";
    public const string Ipam = "/v1/ipam";

    /// <summary>GET looks, POST puts right too.</summary>
    public const string IpamCheck = "/v1/ipam/check";
    public const string Map = "/v1/map";

    public const string Service = "/v1/service";

    /// <summary>Services and endpoint slices of the cluster's store, as Kubernetes writes them.</summary>
    public const string Manifests = "/v1/k8s-manifests";

    /// <summary>Takes manifests too, and deletes what they name.</summary>
    public const string ManifestDeletion = "/v1/k8s-manifests/deletion";

    /// <summary>GET lists, PUT takes documents, DELETE the names of some (query <c>name</c>).</summary>
    public const string Policy = "/v1/policy";

    /// <summary>Takes documents too, and deletes what they name.</summary>
    public const string PolicyDeletion = "/v1/policy/deletion";

    /// <summary>Takes documents too, and says what applying them would change; query <c>delete</c>, <c>limit</c>.</summary>
    public const string PolicyDryRun = "/v1/policy/dry-run";

    /// <summary>Whether a flow is allowed, and why; query as in <see cref="Policies.PolicyWhyRequest"/>.</summary>
    public const string PolicyWhy = "/v1/policy/why";

    /// <summary>Followed by an endpoint's id: the last packet that policy denied it.</summary>
    public const string PolicyLastDrop = "/v1/policy/last-drop";

    /// <summary>A stream of frames that lasts until the client hangs up; query as in <see cref="MonitorRequest"/>.</summary>
    public const string Monitor = "/v1/monitor";

    /// <summary>A stream of frames about packets that are followed; query as in <see cref="Tracing.HopRequest"/>.</summary>
    public const string TraceHops = "/v1/trace/hops";

    /// <summary>POST sends one packet and answers with what came back.</summary>
    public const string TraceProbe = "/v1/trace/probe";

    /// <summary>A stream of lines of JSON that lasts until the trace is ended; query as in <see cref="Tracing.NetfilterTraceRequest"/>.</summary>
    public const string NetfilterTrace = "/v1/trace/netfilter";

    /// <summary>Path of one endpoint, or of a part of it (<c>config</c>, <c>labels</c>, <c>log</c>, <c>healthz</c>).</summary>
    /// <param name="id">
    /// A number, or <c>container-id:…</c>, <c>pod-name:namespace/name</c>, <c>ipv4:…</c>. A slash travels as %2F, which
    /// Kestrel leaves escaped in route values.
    /// </param>
    /// <param name="part">None: the endpoint itself.</param>
    public static string EndpointOf(string id, string? part = null) =>
        $"{Endpoint}/{Uri.EscapeDataString(id)}{(part is null ? "" : "/" + part)}";
}
