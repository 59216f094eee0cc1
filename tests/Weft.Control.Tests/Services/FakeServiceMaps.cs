using System.Net;
using Weft.Abi;
using Weft.Control.Services;
using Weft.Services;

namespace Weft.Control.Tests.Services;

/// <summary>The tables in memory, with room for so much. Fails the test when an order is kept in which a packet would meet half a change.</summary>
internal sealed class FakeServiceMaps : IServiceMaps
{
    private bool _settled = true;

    public Dictionary<FrontendKey, FrontendEntry> Frontends { get; } = [];

    public Dictionary<uint, Backend> Backends { get; } = [];

    public Dictionary<uint, uint[]> Maglev { get; } = [];

    public Dictionary<uint, IReadOnlyCollection<IPNetwork>> Ranges { get; } = [];

    /// <summary>Backend by frontend and client.</summary>
    public Dictionary<(uint Frontend, string Client), uint> Affinities { get; } = [];

    public int RoomForFrontends { get; set; } = int.MaxValue;

    public int RoomForBackends { get; set; } = int.MaxValue;

    public int RoomForMaglev { get; set; } = int.MaxValue;

    public int RoomForRanges { get; set; } = int.MaxValue;

    /// <summary>Whether there is no room for the lists of a frontend, be it new or not.</summary>
    public Func<bool> AreSlotsFull { get; set; } = () => false;

    public int Writes { get; private set; }

    public ServiceMapContent Adopt() => new([.. Frontends.Values], new Dictionary<uint, Backend>(Backends));

    public void PutFrontend(FrontendEntry entry)
    {
        Assert.NotEqual(0u, entry.Id);
        Assert.All(entry.Internal.Union(entry.External), id => Assert.Contains(id, Backends.Keys));
        Assert.DoesNotContain(Frontends.Values, other => other.Key != entry.Key && other.Id == entry.Id);
        Assert.True(!entry.Flags.HasFlag(ServiceFlags.SourceRanges) || Ranges.ContainsKey(entry.Id), $"{entry.Key} is open to all");
        if (entry.Flags.HasFlag(ServiceFlags.Maglev))
        {
            Assert.Equal(entry.External.Order(), Maglev[entry.Id].Distinct().Order());
        }

        Require(Frontends.ContainsKey(entry.Key) || Frontends.Count < RoomForFrontends, $"put service {entry.Key}: no room");
        if (!entry.Equals(Frontends.GetValueOrDefault(entry.Key)))
        {
            Require(!AreSlotsFull(), $"put service {entry.Key}: no room for its slots");
            Frontends[entry.Key] = entry;
            Changed();
        }
    }

    public void RemoveFrontend(FrontendKey key)
    {
        Assert.True(Frontends.Remove(key));
        Changed();
    }

    public void PutBackend(uint id, Backend backend)
    {
        Assert.NotEqual(0u, id);
        Require(Backends.Count < RoomForBackends, $"put backend {id}: no room");
        Assert.True(Backends.TryAdd(id, backend), $"backend {id} is there already");
        Writes++;
    }

    public void RemoveBackend(uint id)
    {
        Assert.True(_settled, $"backend {id} is removed while packets are under way to it");
        Assert.DoesNotContain(Frontends.Values, frontend => frontend.Internal.Contains(id) || frontend.External.Contains(id));
        Assert.DoesNotContain(
            Frontends.Values, frontend => frontend.Flags.HasFlag(ServiceFlags.Maglev) && Maglev[frontend.Id].Contains(id));
        Assert.True(Backends.Remove(id));
        Writes++;
    }

    public void PutMaglev(uint frontend, ReadOnlySpan<uint> backends)
    {
        Assert.Equal(MaglevTable.DefaultSize, backends.Length);
        Require(Maglev.ContainsKey(frontend) || Maglev.Count < RoomForMaglev, $"put Maglev table of service {frontend}: no room");
        Maglev[frontend] = backends.ToArray();
        Changed();
    }

    public void RemoveMaglev(uint frontend)
    {
        Assert.DoesNotContain(Frontends.Values, entry => entry.Id == frontend && entry.Flags.HasFlag(ServiceFlags.Maglev));
        Maglev.Remove(frontend);
        Writes++;
    }

    public void SetSourceRanges(uint frontend, IReadOnlyCollection<IPNetwork> ranges)
    {
        Require(Ranges.Where(r => r.Key != frontend).Sum(r => r.Value.Count) + ranges.Count <= RoomForRanges, $"set source ranges of service {frontend}: no room");
        Ranges[frontend] = ranges;
    }

    public void ForgetAffinities(Func<uint, uint, bool> isStale)
    {
        Assert.True(_settled, "affinities are removed while packets may write them again");
        foreach (var stale in Affinities.Where(affinity => isStale(affinity.Key.Frontend, affinity.Value)).ToArray())
        {
            Affinities.Remove(stale.Key);
        }
    }

    public void Settle() => _settled = true;

    private void Changed()
    {
        Writes++;
        _settled = false;
    }

    private static void Require(bool room, string message)
    {
        if (!room)
        {
            throw new ServiceMapException(message, isFull: true);
        }
    }
}
