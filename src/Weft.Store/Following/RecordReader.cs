using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Weft.Store.Following;

/// <summary>Reads the JSON documents in a store's values, which other agents wrote.</summary>
public static class RecordReader
{
    /// <summary>Reads one entry; the error names key and place, not the whole value.</summary>
    public static bool TryRead<T>(
        StoreEntry entry, JsonTypeInfo<T> type, [NotNullWhen(true)] out T? record, [NotNullWhen(false)] out string? error)
        where T : class
    {
        try
        {
            record = JsonSerializer.Deserialize(entry.Value.Span, type);
            error = record is null ? $"read {entry.Key}: it is null" : null;
        }
        catch (JsonException e)
        {
            record = null;
            error = $"read {entry.Key}: not a {typeof(T).Name}: {e.Message}";
        }
        return record is not null && error is null;
    }
}
