using System.Collections.Immutable;
using Weft.Abi;
using Weft.Model.Services;
using Weft.Services;

namespace Weft.Control.Services;

/// <summary>Writes one frontend with all that belongs to it, in the order in which no packet meets something half done.</summary>
/// <remarks>
/// Backends, table and source ranges come before the frontend that refers to them, and go after it. What does not fit is left out or
/// leaves the frontend as it was, whichever serves more clients without letting in one that is not allowed.
/// </remarks>
internal sealed class FrontendWriter(IServiceMaps maps, BackendTable backends, ServiceIds ids)
{
    /// <summary>Makes the frontend what is wanted as far as the tables let it.</summary>
    /// <param name="old">What the datapath has.</param>
    /// <param name="report">Told what could not be; then the write is to be tried again.</param>
    /// <returns>What the datapath has now.</returns>
    public WrittenFrontend? Write(Frontend wanted, WrittenFrontend? old, Action<string> report)
    {
        // Flows and affinities of another service are nothing to go by, so a frontend that changes hands gets a new number.
        uint id = old is not null && (old.Owner is null || old.Owner == wanted.Owner) ? old.Id : ids.TakeFrontend();
        ImmutableArray<Backend> used = Use(wanted, report);
        HashSet<Backend> there = [.. used];
        ImmutableArray<Backend> external = [.. wanted.External.Where(there.Contains)];
        WrittenFrontend next = new(id, wanted.Owner, FlagsOf(wanted), used);
        try
        {
            if (wanted.SourceRanges is { } ranges)
            {
                maps.SetSourceRanges(id, ranges);
            }

            if (WriteMaglev(wanted, id, external, old, report))
            {
                next = next with { Flags = next.Flags | ServiceFlags.Maglev, MaglevOf = external };
            }

            FrontendEntry entry = new(
                wanted.Key, id, next.Flags, (uint)(wanted.AffinitySeconds ?? 0),
                [.. wanted.Internal.Where(there.Contains).Select(backends.IdOf)],
                [.. external.Select(backends.IdOf)]);
            maps.PutFrontend(entry);
            next = next with { Listed = entry.Listed };
        }
        catch (ServiceMapException refusal)
        {
            report(refusal.Message);
            return TakeBack(next, old);
        }

        if (old is not null)
        {
            backends.Release(old.Used);
            Forget(old.Id, old.Id == id ? old.Flags & ~next.Flags : old.Flags, report);
        }

        return next;
    }

    /// <returns>Whether it is gone.</returns>
    public bool Remove(FrontendKey key, WrittenFrontend old, Action<string> report)
    {
        try
        {
            maps.RemoveFrontend(key);
        }
        catch (ServiceMapException refusal)
        {
            report(refusal.Message);
            return false;
        }

        backends.Release(old.Used);
        Forget(old.Id, old.Flags, report);
        return true;
    }

    private static ServiceFlags FlagsOf(Frontend wanted) =>
        (wanted.Kind == FrontendKind.ClusterIP ? ServiceFlags.ClusterOnly : ServiceFlags.None)
        | (wanted.SourceRanges is null ? ServiceFlags.None : ServiceFlags.SourceRanges)
        | (wanted.ForwardingMode == ForwardingMode.Dsr ? ServiceFlags.Dsr : ServiceFlags.None);

    /// <summary>Counts the frontend as a user of its backends: all that are in a list, and of the others those that may have flows.</summary>
    private ImmutableArray<Backend> Use(Frontend wanted, Action<string> report)
    {
        var used = ImmutableArray.CreateBuilder<Backend>();
        int refused = 0;
        ServiceMapException? first = null;
        foreach (Backend backend in wanted.Internal.Union(wanted.External))
        {
            if (backends.TryUse(backend, out ServiceMapException? refusal))
            {
                used.Add(backend);
            }
            else
            {
                refused++;
                first ??= refusal;
            }
        }

        used.AddRange(wanted.Retained.Where(backends.TryUse));
        if (first is not null)
        {
            report($"{wanted.Key}: {refused} of {refused + used.Count} backends get no connections, {(first.IsFull
                ? "as there are more backends than the map holds"
                : "as they could not be written")} ({first.Message})");
        }

        return used.ToImmutable();
    }

    /// <returns>Whether there is such a table; without one, slots are used.</returns>
    private bool WriteMaglev(
        Frontend wanted, uint id, ImmutableArray<Backend> external, WrittenFrontend? old, Action<string> report)
    {
        if (wanted.Algorithm != BackendAlgorithm.Maglev || external.IsEmpty)
        {
            return false;
        }

        if (old is not null && old.Id == id && old.MaglevOf.SequenceEqual(external))
        {
            return true;
        }

        try
        {
            maps.PutMaglev(id, [.. MaglevTable.Build(external).Select(index => backends.IdOf(external[index]))]);
            return true;
        }
        catch (ServiceMapException refusal)
        {
            report($"{wanted.Key}: backends are chosen at random instead of by Maglev ({refusal.Message})");
            return false;
        }
    }

    /// <summary>The frontend could not be written: what was written for it goes, or is kept with what is there.</summary>
    private WrittenFrontend? TakeBack(WrittenFrontend next, WrittenFrontend? old)
    {
        if (old?.Id == next.Id && !next.MaglevOf.IsEmpty)
        {
            // The table that is in use has the new backends already.
            return old with { Used = [.. old.Used, .. next.Used], Flags = old.Flags | ServiceFlags.Maglev, MaglevOf = next.MaglevOf };
        }

        backends.Release(next.Used);
        if (old?.Id != next.Id)
        {
            Forget(next.Id, next.Flags, _ => { });
        }

        return old;
    }

    private void Forget(uint id, ServiceFlags flags, Action<string> report)
    {
        try
        {
            if (flags.HasFlag(ServiceFlags.Maglev))
            {
                maps.RemoveMaglev(id);
            }

            if (flags.HasFlag(ServiceFlags.SourceRanges))
            {
                maps.SetSourceRanges(id, []);
            }
        }
        catch (ServiceMapException refusal)
        {
            // Nothing refers to it; the next start finds it and takes it away.
            report(refusal.Message);
        }
    }
}
