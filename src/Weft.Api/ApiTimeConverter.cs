using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Weft.Api;

/// <summary>Times as <c>2026-11-22T20:44:23.414Z</c>: UTC with milliseconds, the zero time meaning never.</summary>
public sealed class ApiTimeConverter : JsonConverter<DateTimeOffset>
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TryGetDateTimeOffset(out DateTimeOffset time)
            ? time
            : throw new JsonException("a time is expected, as 2026-11-22T20:44:23.414Z");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[24];
        value.UtcDateTime.TryFormat(text, out int written, Format, CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..written]);
    }
}
