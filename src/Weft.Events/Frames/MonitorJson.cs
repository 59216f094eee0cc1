using System.Text.Json;
using System.Text.Json.Serialization;

namespace Weft.Events;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(MonitorNames))]
[JsonSerializable(typeof(TracedFunctions))]
[JsonSerializable(typeof(TracingNames))]
[JsonSerializable(typeof(AgentNotice))]
[JsonSerializable(typeof(RuleName))]
[JsonSerializable(typeof(Dictionary<string, string>), TypeInfoPropertyName = "Symbols")]
internal sealed partial class MonitorJson : JsonSerializerContext;
