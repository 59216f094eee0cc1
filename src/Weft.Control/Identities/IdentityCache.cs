using System.Collections.Immutable;
using Weft.Model.Identities;
using Weft.Model.Labels;

namespace Weft.Control.Identities;

/// <summary>The identities of the cluster as far as this node has heard; complete a moment after its start. Thread-safe.</summary>
public sealed class IdentityCache
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<Identity, IdentityRecord> _byId = [];

    public IdentityCache()
    {
        foreach (IdentityRecord reserved in ReservedIdentities.All)
        {
            _byId.Add(reserved.Id, reserved);
        }
    }

    public IdentityRecord? Find(Identity identity)
    {
        lock (_lock)
        {
            return _byId.GetValueOrDefault(identity);
        }
    }

    /// <summary>All, reserved ones included, by number.</summary>
    public ImmutableArray<IdentityRecord> List()
    {
        lock (_lock)
        {
            return [.. _byId.Values];
        }
    }

    internal ImmutableArray<Identity> With(LabelSet labels)
    {
        lock (_lock)
        {
            return [.. _byId.Values.Where(r => r.Labels.Equals(labels)).Select(r => r.Id)];
        }
    }

    internal void Put(IdentityRecord record)
    {
        lock (_lock)
        {
            _byId[record.Id] = record;
        }
    }

    internal void Remove(Identity identity)
    {
        lock (_lock)
        {
            _byId.Remove(identity);
        }
    }
}
