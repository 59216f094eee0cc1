using System.Diagnostics;
using Weft.Datapath.Policy;
using Weft.Model.Endpoints;
using Weft.Model.Identities;
using Weft.Policy.Resolution;

namespace Weft.Control.Policy;

/// <content>From what the engine worked out to the datapath.</content>
public sealed partial class NodePolicy
{
    /// <summary>Identities of prefixes that are gone, and whose rights their addresses have from now on.</summary>
    private readonly Dictionary<Identity, Identity> _heirs = [];

    /// <summary>The ipcache does not have what <see cref="Prefixes"/> says yet.</summary>
    private bool _prefixesBehind;

    /// <summary>Works out what changed, and gives those endpoints other tables whose policy is another one.</summary>
    private void Resolve()
    {
        long began = Stopwatch.GetTimestamp();
        PolicyChanges changes = _engine.Resolve();
        NotePrefixes(changes);
        if (_rulesChanged)
        {
            // Before events can name them.
            _rules = _engine.RulesByNumber();
        }

        List<PolicyTableUpdate> updates = [];
        foreach (IGrouping<PolicyTable, EndpointId> group in Behind().GroupBy(
            endpoint => _engine.TableOf(_endpoints[endpoint].Identity)))
        {
            updates.Add(PolicyTableUpdate.Of(group.Key, [.. group], changes));
        }

        _tables.Put(updates, _heirs);
        if (_rulesChanged)
        {
            _rulesChanged = false;
            Interlocked.Increment(ref _revision);
        }

        if (updates.Count > 0)
        {
            (int endpoints, TimeSpan took) = (updates.Sum(update => update.Endpoints.Count), Stopwatch.GetElapsedTime(began));
            LogChanged(Revision, endpoints, updates.Count, (int)took.TotalMilliseconds);
        }
    }

    /// <summary>Endpoints whose table in the datapath is not the one that they should have.</summary>
    private List<EndpointId> Behind() => [.. _endpoints
        .Where(endpoint => !_hasAll || _tables.TableOf(endpoint.Key) != _engine.TableOf(endpoint.Value.Identity))
        .Select(endpoint => endpoint.Key)];

    private void NotePrefixes(PolicyChanges changes)
    {
        if (changes.AddedPrefixes.IsEmpty && changes.RemovedPrefixes.IsEmpty)
        {
            return;
        }

        var prefixes = Prefixes.Current.ToBuilder();
        foreach (CidrIdentity gone in changes.RemovedPrefixes)
        {
            prefixes.Remove(gone.Prefix);
            _heirs[gone.Identity] = _engine.IdentityOf(gone.Prefix);
        }

        foreach (CidrIdentity added in changes.AddedPrefixes)
        {
            if (prefixes.TryGetValue(added.Prefix, out Identity before) && before != added.Identity)
            {
                _heirs[before] = added.Identity;
            }

            prefixes[added.Prefix] = added.Identity;
        }

        foreach (Identity inUse in prefixes.Values)
        {
            _heirs.Remove(inUse);
        }

        // An heir may be gone by now itself.
        foreach ((Identity gone, Identity heir) in _heirs.ToArray())
        {
            _heirs[gone] = _heirs.GetValueOrDefault(heir, heir);
        }

        Prefixes.Set(prefixes.ToImmutable());
        Volatile.Write(ref _prefixesBehind, true);
    }

    private async Task FinishPrefixesAsync(CancellationToken cancellationToken)
    {
        Identity[] gone = [];
        await UnderTurnAsync(
            () =>
            {
                gone = [.. _heirs.Keys];
                Volatile.Write(ref _prefixesBehind, false);
            },
            cancellationToken).ConfigureAwait(false);
        try
        {
            await _syncPrefixes(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Volatile.Write(ref _prefixesBehind, true);
            throw;
        }

        await UnderTurnAsync(
            () =>
            {
                // One that came back meanwhile is somebody's again.
                Identity[] nobodys = [.. gone.Where(_heirs.ContainsKey)];
                _tables.Forget(nobodys);
                Array.ForEach(nobodys, identity => _heirs.Remove(identity));
            },
            cancellationToken).ConfigureAwait(false);
    }
}
