using System.Text.Json;
using System.Text.Json.Serialization;
using Weft.Model.Labels;

namespace Weft.Model.Json;

/// <summary>Writes a label set as an array of label texts, in canonical order.</summary>
public sealed class LabelSetJsonConverter : JsonConverter<LabelSet>
{
    public override LabelSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("labels are not an array of strings");
        }
        var texts = new List<string?>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            texts.Add(reader.TokenType == JsonTokenType.String ? reader.GetString() : throw new JsonException("a label is not a string"));
        }
        return LabelSet.TryParse(texts, out LabelSet? set, out string? error) ? set : throw new JsonException(error);
    }

    public override void Write(Utf8JsonWriter writer, LabelSet value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (Label label in value)
        {
            writer.WriteStringValue(label.ToString());
        }
        writer.WriteEndArray();
    }
}
