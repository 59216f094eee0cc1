using System.Globalization;
using System.Text;
using System.Text.Json;
using Weft.Model.Identities;
using Weft.Model.Json;
using Weft.Model.Labels;
using Weft.Store;
using Weft.Store.Following;
using Weft.Store.Layout;

namespace Weft.Control.Identities;

/// <summary>Agrees with all nodes on the number of a label set, by compare-and-swap on single keys.</summary>
/// <remarks>
/// Two keys: `id/N` holds the labels, so that no two sets share a number; `labels/L` holds the number, so that no set has two. `id/N` is
/// claimed first. `labels/L` decides: who fails to create it takes what is there and gives up the claim. docs/design/identities.md
/// goes through the races.
/// </remarks>
internal sealed class IdentityClaims(IStore store, IdentityCache cache, Func<LabelSet, uint> hash)
{
    public async Task<Identity> AgreeAsync(LabelSet labels, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await FindAsync(labels, cancellationToken).ConfigureAwait(false) is { } agreed)
            {
                return agreed;
            }
            StoreEntry claim = await ClaimNumberAsync(labels, cancellationToken).ConfigureAwait(false);
            Identity claimed = Read(claim).Id;
            PutResult result = await store.PutAsync(
                new StorePut(StoreKeys.IdentityOf(labels), Encoding.UTF8.GetBytes(claimed.Value.ToString(CultureInfo.InvariantCulture)))
                {
                    Condition = PutCondition.Absent,
                },
                cancellationToken).ConfigureAwait(false);
            if (result.Written)
            {
                // A collector may have taken the claim away before it was agreed on: from here on it sees the agreement.
                if (await TryClaimAsync(claimed, labels, cancellationToken).ConfigureAwait(false) is not null)
                {
                    return claimed;
                }
                await store.DeleteAsync(result.Current!.Key, result.Current.Modified, cancellationToken).ConfigureAwait(false);
                continue;
            }
            if (result.Current is { } winner && Number(winner) is { } won && won != claimed)
            {
                // If it fails, another node adopted the claim meanwhile and settles it.
                await store.DeleteAsync(claim.Key, claim.Modified, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The number that the nodes agreed on, or null where they did not yet. One that is being collected is so no more.</summary>
    public async Task<Identity?> FindAsync(LabelSet labels, CancellationToken cancellationToken)
    {
        while (await store.GetAsync(StoreKeys.IdentityOf(labels), cancellationToken).ConfigureAwait(false) is { } entry)
        {
            if (!IdentityAgreement.IsCondemned(entry) || (await store.PutAsync(
                IdentityAgreement.Pardon(entry), cancellationToken).ConfigureAwait(false)).Written)
            {
                return Number(entry);
            }
        }
        return null;
    }

    /// <summary>Whether the number stands for these labels: not if it was collected, and maybe given away, meanwhile.</summary>
    public async Task<bool> StandsForAsync(Identity identity, LabelSet labels, CancellationToken cancellationToken) =>
        await store.GetAsync(StoreKeys.Identity(identity), cancellationToken).ConfigureAwait(false) is { } entry
        && Read(entry).Labels.Equals(labels);

    private async Task<StoreEntry> ClaimNumberAsync(LabelSet labels, CancellationToken cancellationToken)
    {
        // A number that already stands for these labels comes first: a claim that nobody settled, or one that is being collected.
        foreach (Identity identity in cache.With(labels).Concat(IdentitySlots.InOrder(hash(labels))))
        {
            if (cache.Find(identity) is { } known && !known.Labels.Equals(labels))
            {
                continue;
            }
            if (await TryClaimAsync(identity, labels, cancellationToken).ConfigureAwait(false) is { } claim)
            {
                return claim;
            }
        }
        throw new IdentityException(
            $"allocate an identity for {labels}: all {IdentitySlots.Count} are in use (use fewer distinct label sets)");
    }

    private async Task<StoreEntry?> TryClaimAsync(Identity identity, LabelSet labels, CancellationToken cancellationToken)
    {
        string key = StoreKeys.Identity(identity);
        byte[] value = JsonSerializer.SerializeToUtf8Bytes(new IdentityRecord(identity, labels), ModelJsonContext.Default.IdentityRecord);
        PutCondition condition = PutCondition.Absent;
        while (true)
        {
            PutResult result = await store.PutAsync(
                new StorePut(key, value) { Condition = condition }, cancellationToken).ConfigureAwait(false);
            if (result.Written)
            {
                return result.Current;
            }
            if (result.Current is not null && !Read(result.Current).Labels.Equals(labels))
            {
                cache.Put(Read(result.Current));
                return null;
            }
            // Adopting writes the claim again, so that its first owner cannot take it back.
            condition = result.Current is { } current ? PutCondition.At(current.Modified) : PutCondition.Absent;
        }
    }

    private static IdentityRecord Read(StoreEntry entry) =>
        RecordReader.TryRead(entry, ModelJsonContext.Default.IdentityRecord, out IdentityRecord? record, out string? error)
            ? record
            : throw new IdentityException($"allocate an identity: {error} (delete that key)");

    private static Identity? Number(StoreEntry entry) =>
        Identity.TryParse(IdentityAgreement.NumberIn(entry), out Identity identity) && identity.IsClusterScope
            ? identity
            : throw new IdentityException($"allocate an identity: {entry.Key} does not hold the number of an identity (delete that key)");
}
