using System.Text.Json.Serialization;
using Weft.Api.Cluster;
using Weft.Api.Cni;
using Weft.Api.Config;
using Weft.Api.Endpoints;
using Weft.Api.Health;
using Weft.Api.Identities;
using Weft.Api.Ipam;
using Weft.Api.Maps;
using Weft.Api.Policies;
using Weft.Api.Services;
using Weft.Api.Status;
using Weft.Api.Tracing;

namespace Weft.Api;

/// <summary>Source-generated JSON of every document of the API. Absent values are left out, as Cilium's agent does.</summary>
/// <remarks>
/// Pass the type information itself (<c>ApiJson.Default.EndpointResource</c>): other options would bring other rules for nulls and times.
/// </remarks>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(ApiTimeConverter)])]
[JsonSerializable(typeof(ApiError))]
[JsonSerializable(typeof(BpfMap))]
[JsonSerializable(typeof(BpfMapList))]
[JsonSerializable(typeof(ClusterNodeStatus))]
[JsonSerializable(typeof(CniCollection))]
[JsonSerializable(typeof(CniCollectionRequest))]
[JsonSerializable(typeof(CniStatus))]
[JsonSerializable(typeof(DaemonConfiguration))]
[JsonSerializable(typeof(DaemonConfigurationSpec))]
[JsonSerializable(typeof(EndpointChangeRequest))]
[JsonSerializable(typeof(EndpointConfigurationSpec))]
[JsonSerializable(typeof(EndpointConfigurationStatus))]
[JsonSerializable(typeof(EndpointHealth))]
[JsonSerializable(typeof(EndpointResource))]
[JsonSerializable(typeof(IReadOnlyList<EndpointResource>), TypeInfoPropertyName = "EndpointList")]
[JsonSerializable(typeof(IReadOnlyList<EndpointStatusChange>), TypeInfoPropertyName = "EndpointLog")]
[JsonSerializable(typeof(HealthStatusResponse))]
[JsonSerializable(typeof(IdentityResource))]
[JsonSerializable(typeof(IReadOnlyList<IdentityResource>), TypeInfoPropertyName = "IdentityList")]
[JsonSerializable(typeof(IpamCheck))]
[JsonSerializable(typeof(IpamListing))]
[JsonSerializable(typeof(IpamResponse))]
[JsonSerializable(typeof(NetfilterTraceFrame))]
[JsonSerializable(typeof(IReadOnlyList<NodeElement>), TypeInfoPropertyName = "NodeList")]
[JsonSerializable(typeof(LabelConfiguration))]
[JsonSerializable(typeof(LabelConfigurationSpec))]
[JsonSerializable(typeof(ManifestReport))]
[JsonSerializable(typeof(PolicyDryRunReport))]
[JsonSerializable(typeof(PolicyLastDenial))]
[JsonSerializable(typeof(PolicyListing))]
[JsonSerializable(typeof(PolicyWhyAnswer))]
[JsonSerializable(typeof(IReadOnlyList<PolicyResource>), TypeInfoPropertyName = "PolicyResources")]
[JsonSerializable(typeof(ProbeAnswer))]
[JsonSerializable(typeof(ProbeRequest))]
[JsonSerializable(typeof(ServiceResource))]
[JsonSerializable(typeof(IReadOnlyList<ServiceResource>), TypeInfoPropertyName = "ServiceResources")]
[JsonSerializable(typeof(StatusResponse))]
public sealed partial class ApiJson : JsonSerializerContext;
