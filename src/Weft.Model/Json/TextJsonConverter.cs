using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Weft.Model.Json;

/// <summary>Writes a value type of this project as its text, and reads it through the type's own parser.</summary>
public abstract class TextJsonConverter<T> : JsonConverter<T>
    where T : notnull
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string? text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        string? problem = "not a string";
        return text is not null && TryParse(text, out T? value, out problem) ? value : throw new JsonException(problem);
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Format(value));

    protected abstract bool TryParse(string text, [NotNullWhen(true)] out T? value, [NotNullWhen(false)] out string? problem);

    protected virtual string Format(T value) => value.ToString()!;
}
