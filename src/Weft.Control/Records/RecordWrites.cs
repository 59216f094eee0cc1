using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Weft.Store;

namespace Weft.Control.Records;

/// <summary>Writes what people decide into the store: the last one wins, and what is there already is not written again.</summary>
internal static class RecordWrites
{
    public static async Task<RecordWrite> PutAsync<T>(
        IStore store, string key, T record, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        byte[] value = JsonSerializer.SerializeToUtf8Bytes(record, type);
        StoreEntry? before = await store.GetAsync(key, cancellationToken).ConfigureAwait(false);
        if (before is not null && before.Value.Span.SequenceEqual(value))
        {
            return RecordWrite.Unchanged;
        }

        await store.PutAsync(new StorePut(key, value), cancellationToken).ConfigureAwait(false);
        return before is null ? RecordWrite.Created : RecordWrite.Changed;
    }
}
