using System.Text.Json;
using System.Text.Json.Serialization;
using Weft.Model.Endpoints;

namespace Weft.Model.Json;

/// <summary>Writes an endpoint id as its number.</summary>
public sealed class EndpointIdJsonConverter : JsonConverter<EndpointId>
{
    public override EndpointId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetUInt16());

    public override void Write(Utf8JsonWriter writer, EndpointId value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}
