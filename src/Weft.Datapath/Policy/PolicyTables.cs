using Weft.Bpf.Maps;
using Weft.Datapath.Maps;
using Weft.Model.Endpoints;
using Weft.Model.Identities;
using Weft.Policy.Resolution;

namespace Weft.Datapath.Policy;

/// <summary>Writes the tables by which the datapath judges the flows of endpoints.</summary>
/// <remarks>
/// A table is built where no program sees it, and takes the place of the one before in one step; only then are flows judged again. What
/// concerns single peers is changed in place, an element each. Not thread-safe.
/// </remarks>
public sealed class PolicyTables : IDisposable
{
    private readonly DatapathMaps _maps;
    private readonly EndpointEntries _entries;
    private readonly RuleSets _sets;
    private readonly Dictionary<EndpointId, InnerTable> _tables = [];

    public PolicyTables(DatapathMaps maps, EndpointEntries entries, TimeProvider clock)
    {
        _maps = maps;
        _entries = entries;
        _sets = new RuleSets(maps, clock);
    }

    /// <summary>The table that an endpoint has; <see cref="PolicyTable.Empty"/>: none.</summary>
    public PolicyTable TableOf(EndpointId endpoint) => _tables.GetValueOrDefault(endpoint)?.Table ?? PolicyTable.Empty;

    /// <summary>Gives endpoints other tables.</summary>
    /// <param name="heirs">
    /// Identities that the tables do not know any more but that packets may still have, and those whose rights they are to have until
    /// <see cref="Forget"/>.
    /// </param>
    /// <remarks>Waits for an RCU grace period where tables are swapped. On an error some endpoints may have the new one already.</remarks>
    public void Put(IReadOnlyCollection<PolicyTableUpdate> updates, IReadOnlyDictionary<Identity, Identity> heirs)
    {
        ArgumentNullException.ThrowIfNull(updates);
        _sets.Sweep();
        List<(EndpointId Endpoint, InnerTable Table)> swaps = [];
        List<EndpointId> freed = [];
        foreach (PolicyTableUpdate update in updates)
        {
            if (!update.Table.Ingress.IsEnforced && !update.Table.Egress.IsEnforced)
            {
                freed.AddRange(update.Endpoints);
            }
            else if (!TryChangeInPlace(update, heirs))
            {
                InnerTable inner = new(update.Table, _sets, heirs);
                swaps.AddRange(update.Endpoints.Select(endpoint => (endpoint, inner)));
            }
        }

        try
        {
            Swap(swaps);
        }
        catch
        {
            // The map is full, or the kernel has no memory: who has no new table keeps the one before.
            foreach (InnerTable unused in swaps.Select(swap => swap.Table).Distinct().Where(table => table.Users.Count == 0))
            {
                unused.Dispose();
            }

            throw;
        }

        freed.ForEach(Remove);
    }

    /// <summary>Packets have these identities no more.</summary>
    public void Forget(IReadOnlyCollection<Identity> nobodys)
    {
        if (nobodys.Count == 0)
        {
            return;
        }

        foreach (InnerTable table in _tables.Values.Distinct())
        {
            table.Forget(nobodys);
        }
    }

    /// <summary>Nothing is enforced for the endpoint from now on.</summary>
    public void Remove(EndpointId endpoint)
    {
        // The mark first: an endpoint without a table has no verdict to ask for.
        _entries.SetPolicy(endpoint, isEnforced: false, revise: true);
        BpfMap<uint, uint> outer = _maps.Policies.As<uint, uint>();
        if (_tables.ContainsKey(endpoint))
        {
            RunPastGracePeriod(() => outer.Delete(endpoint.Value), () => !outer.TryLookup(endpoint.Value, out _));
        }

        Leave(endpoint);
    }

    /// <summary>Removes what no endpoint has, once all that there are were given their tables.</summary>
    /// <returns>How many tables and rules.</returns>
    public int RemoveStale()
    {
        int tables = _maps.Policies.As<uint, uint>().DeleteWhere((id, _) => !_tables.ContainsKey(new EndpointId((ushort)id)));
        return tables + _sets.RemoveStale();
    }

    /// <summary>Frees handles; the datapath keeps its tables.</summary>
    public void Dispose()
    {
        foreach (InnerTable table in _tables.Values.Distinct())
        {
            table.Map.Dispose();
        }

        _tables.Clear();
    }

    private bool TryChangeInPlace(PolicyTableUpdate update, IReadOnlyDictionary<Identity, Identity> heirs)
    {
        if (update.Touched is not { } touched || update.Endpoints.Count == 0
            || !_tables.TryGetValue(update.Endpoints.First(), out InnerTable? inner)
            || !inner.Users.SetEquals(update.Endpoints) || !inner.TakesInPlace(update.Table, touched))
        {
            return false;
        }

        if (inner.ChangeInPlace(update.Table, touched, heirs))
        {
            foreach (EndpointId endpoint in update.Endpoints)
            {
                _entries.SetPolicy(endpoint, isEnforced: true, revise: true);
            }
        }

        return true;
    }

    private void Swap(List<(EndpointId Endpoint, InnerTable Table)> swaps)
    {
        if (swaps.Count == 0)
        {
            return;
        }

        _sets.Write();
        foreach (InnerTable table in swaps.Select(swap => swap.Table).Distinct())
        {
            table.Fill();
        }

        uint[] ids = [.. swaps.Select(swap => (uint)swap.Endpoint.Value)];
        int[] fds = [.. swaps.Select(swap => swap.Table.Map.Fd.Number)];
        Action put = () => _maps.Policies.As<uint, int>().UpdateBatch(ids, fds);
        if (swaps.Exists(swap => _entries.Contains(swap.Endpoint)))
        {
            put();
        }
        else
        {
            // Nobody has a packet of them in hand.
            RunPastGracePeriod(put, () => swaps.TrueForAll(swap => _maps.Policies.As<uint, uint>().TryLookup(swap.Endpoint.Value, out _)));
        }

        foreach ((EndpointId endpoint, InnerTable table) in swaps)
        {
            Leave(endpoint);
            _tables[endpoint] = table;
            table.Users.Add(endpoint);
            _entries.SetPolicy(endpoint, isEnforced: true, revise: true);
        }
    }

    /// <summary>Does not wait until no program works with what was before: the change holds long before the call returns.</summary>
    private static void RunPastGracePeriod(Action call, Func<bool> holds)
    {
        Task running = Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        SpinWait.SpinUntil(() => running.IsCompleted || holds());
        if (running.IsCompleted)
        {
            running.GetAwaiter().GetResult();
        }
    }

    private void Leave(EndpointId endpoint)
    {
        if (_tables.Remove(endpoint, out InnerTable? before) && before.Users.Remove(endpoint) && before.Users.Count == 0)
        {
            before.Dispose();
        }
    }
}
