using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Weft.Control.Identities;
using Weft.Model.Identities;
using Weft.Model.Json;
using Weft.Store;
using Weft.Store.Following;
using Weft.Store.Layout;

namespace Weft.Control.Operating;

/// <summary>Removes identities that no node of any cluster in the store has used for a while.</summary>
/// <remarks>
/// One at a time. docs/design/identities.md has the order of the steps and why no identity goes that somebody begins to use meanwhile;
/// it holds even for two collectors at once.
/// </remarks>
public sealed partial class IdentityCollector(IStore store, TimeSpan grace, TimeProvider clock, ILoggerFactory loggers)
{
    private readonly ILogger _log = loggers.CreateLogger<IdentityCollector>();
    private Dictionary<string, (Revision Modified, long Since)> _unused = new(StringComparer.Ordinal);

    /// <summary>Looks at all identities, and removes those that every look within the grace found unused. Returns how many.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        // Uses after identities: one that was begun between the two lists is seen.
        StoreSnapshot identities = await store.ListAsync(StoreKeys.Identities, cancellationToken).ConfigureAwait(false);
        HashSet<string> used = await UsedAsync(cancellationToken).ConfigureAwait(false);
        var unused = new Dictionary<string, (Revision Modified, long Since)>(StringComparer.Ordinal);
        int removed = 0;
        foreach (StoreEntry entry in identities.Entries.Where(entry => !used.Contains(NumberOf(entry.Key))))
        {
            long since = _unused.TryGetValue(entry.Key, out var before) && before.Modified == entry.Modified
                ? before.Since
                : clock.GetTimestamp();
            if (clock.GetElapsedTime(since) < grace)
            {
                unused.Add(entry.Key, (entry.Modified, since));
            }
            else if (await CollectAsync(entry, cancellationToken).ConfigureAwait(false))
            {
                removed++;
            }
        }

        _unused = unused;
        return removed;
    }

    private async Task<bool> CollectAsync(StoreEntry entry, CancellationToken cancellationToken)
    {
        if (!RecordReader.TryRead(entry, ModelJsonContext.Default.IdentityRecord, out IdentityRecord? record, out _))
        {
            return false;
        }

        StoreEntry? agreement = await store.GetAsync(StoreKeys.IdentityOf(record.Labels), cancellationToken).ConfigureAwait(false);
        bool agreed = agreement is not null && IdentityAgreement.NumberIn(agreement) == NumberOf(entry.Key);
        StoreEntry? claim = agreed
            ? await EndAgreementAsync(entry, agreement!, cancellationToken).ConfigureAwait(false) ? entry : null
            : await TakeClaimAsync(entry, record, cancellationToken).ConfigureAwait(false);
        // One that was claimed anew meanwhile has another revision.
        if (claim is null || !await store.DeleteAsync(claim.Key, claim.Modified, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        string labels = record.Labels.ToString();
        LogCollected(record.Id.Value, labels);
        return true;
    }

    private async Task<bool> EndAgreementAsync(StoreEntry entry, StoreEntry agreement, CancellationToken cancellationToken)
    {
        StoreEntry? condemned = IdentityAgreement.IsCondemned(agreement)
            ? agreement
            : await WriteAsync(IdentityAgreement.Condemn(agreement), cancellationToken).ConfigureAwait(false);
        if (condemned is null)
        {
            return false;
        }

        // Whoever registers a use after this list pardons, and what is pardoned has another revision.
        if ((await UsedAsync(cancellationToken).ConfigureAwait(false)).Contains(NumberOf(entry.Key)))
        {
            await store.PutAsync(IdentityAgreement.Pardon(condemned), cancellationToken).ConfigureAwait(false);
            return false;
        }

        return await store.DeleteAsync(condemned.Key, condemned.Modified, cancellationToken).ConfigureAwait(false);
    }

    // A claim that nobody settled. Who settles it now writes it once more after the agreement: either that is seen, or the deletion fails.
    private async Task<StoreEntry?> TakeClaimAsync(StoreEntry entry, IdentityRecord record, CancellationToken cancellationToken)
    {
        StoreEntry? taken = await WriteAsync(
            new StorePut(entry.Key, entry.Value) { Condition = PutCondition.At(entry.Modified) }, cancellationToken).ConfigureAwait(false);
        if (taken is null)
        {
            return null;
        }

        StoreEntry? agreement = await store.GetAsync(StoreKeys.IdentityOf(record.Labels), cancellationToken).ConfigureAwait(false);
        bool settled = agreement is not null && IdentityAgreement.NumberIn(agreement) == NumberOf(entry.Key);
        return settled || (await UsedAsync(cancellationToken).ConfigureAwait(false)).Contains(NumberOf(entry.Key)) ? null : taken;
    }

    private async Task<StoreEntry?> WriteAsync(StorePut put, CancellationToken cancellationToken)
    {
        PutResult result = await store.PutAsync(put, cancellationToken).ConfigureAwait(false);
        return result.Written ? result.Current : null;
    }

    private async Task<HashSet<string>> UsedAsync(CancellationToken cancellationToken)
    {
        ImmutableArray<StoreEntry> uses =
            (await store.ListAsync(StoreKeys.IdentityUses, cancellationToken).ConfigureAwait(false)).Entries;
        return [.. uses.Select(use => NumberOf(use.Key))];
    }

    private static string NumberOf(string key) => key[(key.LastIndexOf('/') + 1)..];

    [LoggerMessage(EventId = 401, Level = LogLevel.Information, Message = "identity collected id={Id} labels='{Labels}'")]
    private partial void LogCollected(uint id, string labels);
}
