using System.Text.Json.Serialization;
using Weft.Model.Json;

namespace Weft.Control.State;

[JsonSourceGenerationOptions(
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(IPAddressJsonConverter), typeof(IPNetworkJsonConverter)])]
[JsonSerializable(typeof(NodeState))]
[JsonSerializable(typeof(StoredEndpoint))]
[JsonSerializable(typeof(ServiceIdState))]
internal sealed partial class StateJsonContext : JsonSerializerContext;
