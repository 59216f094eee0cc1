using System.Text.Json;
using System.Text.Json.Serialization;

namespace Weft.Events;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(MonitorNames))]
internal sealed partial class MonitorJson : JsonSerializerContext;
