using System.Text.Json;
using System.Text.Json.Serialization;
using Weft.Model.Identities;

namespace Weft.Model.Json;

/// <summary>Writes an identity as its number.</summary>
public sealed class IdentityJsonConverter : JsonConverter<Identity>
{
    public override Identity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetUInt32());

    public override void Write(Utf8JsonWriter writer, Identity value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}
