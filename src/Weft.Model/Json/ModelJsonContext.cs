using System.Text.Json.Serialization;
using Weft.Model.Addressing;
using Weft.Model.Endpoints;
using Weft.Model.Identities;
using Weft.Model.Nodes;
using Weft.Model.Policies;
using Weft.Model.Services;

namespace Weft.Model.Json;

/// <summary>Serializers of the documents that are stored: in the cluster's store and in the agent's state directory.</summary>
/// <remarks>Unknown properties are skipped, so a record written by a newer agent still reads.</remarks>
[JsonSourceGenerationOptions(
    Converters = [typeof(IPAddressJsonConverter), typeof(IPNetworkJsonConverter)],
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(NodeRecord))]
[JsonSerializable(typeof(PodCidrClaim))]
[JsonSerializable(typeof(AddressRecord))]
[JsonSerializable(typeof(IdentityRecord))]
[JsonSerializable(typeof(EndpointRecord))]
[JsonSerializable(typeof(ServiceRecord))]
[JsonSerializable(typeof(EndpointSliceRecord))]
[JsonSerializable(typeof(PolicyRecord))]
[JsonSerializable(typeof(NamespaceRecord))]
public sealed partial class ModelJsonContext : JsonSerializerContext;
