using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Weft.Services;

namespace Weft.Control.Services;

/// <summary>Which backends the datapath has, under which number, and how many frontends use each.</summary>
internal sealed class BackendTable(IServiceMaps maps, ServiceIds ids)
{
    private readonly Dictionary<Backend, Row> _rows = [];
    private readonly Dictionary<uint, Backend> _byId = [];
    private readonly HashSet<Backend> _unused = [];
    private readonly HashSet<uint> _doubles = [];

    /// <summary>Takes over what an agent before this one wrote. Of two numbers for one backend the greater is to go.</summary>
    public void Adopt(IReadOnlyDictionary<uint, Backend> present)
    {
        foreach ((uint id, Backend backend) in present.OrderBy(entry => entry.Key))
        {
            if (_rows.TryAdd(backend, new Row(id)))
            {
                _byId.Add(id, backend);
                _unused.Add(backend);
            }
            else
            {
                _doubles.Add(id);
            }
        }
    }

    public bool TryFind(uint id, out Backend backend) => _byId.TryGetValue(id, out backend);

    /// <summary>Counts one more user of a backend that is there.</summary>
    public bool TryUse(Backend backend)
    {
        if (!_rows.TryGetValue(backend, out Row? row))
        {
            return false;
        }

        row.Users++;
        _unused.Remove(backend);
        return true;
    }

    /// <summary>Counts one more user, and writes the backend if it is not there.</summary>
    public bool TryUse(Backend backend, [NotNullWhen(false)] out ServiceMapException? refusal)
    {
        refusal = null;
        if (TryUse(backend))
        {
            return true;
        }

        uint id = ids.TakeBackend();
        try
        {
            maps.PutBackend(id, backend);
        }
        catch (ServiceMapException error)
        {
            refusal = error;
            return false;
        }

        _rows.Add(backend, new Row(id) { Users = 1 });
        _byId.Add(id, backend);
        return true;
    }

    public uint IdOf(Backend backend) => _rows[backend].Id;

    public void Release(ImmutableArray<Backend> backends)
    {
        foreach (Backend backend in backends)
        {
            if (--_rows[backend].Users == 0)
            {
                _unused.Add(backend);
            }
        }
    }

    /// <summary>Removes what nobody uses. Returns what went; what could not be removed is tried again next time.</summary>
    public ImmutableArray<Backend> RemoveUnused(Action<ServiceMapException> report)
    {
        var gone = ImmutableArray.CreateBuilder<Backend>();
        foreach (Backend backend in _unused.Where(backend => TryRemove(_rows[backend].Id, report)).ToArray())
        {
            _byId.Remove(_rows[backend].Id);
            _rows.Remove(backend);
            _unused.Remove(backend);
            gone.Add(backend);
        }

        _doubles.RemoveWhere(id => TryRemove(id, report));
        return gone.ToImmutable();
    }

    private bool TryRemove(uint id, Action<ServiceMapException> report)
    {
        try
        {
            maps.RemoveBackend(id);
            return true;
        }
        catch (ServiceMapException refusal)
        {
            report(refusal);
            return false;
        }
    }

    private sealed class Row(uint id)
    {
        public uint Id => id;

        /// <summary>Frontends that have it in a list, or whose flows may have it.</summary>
        public int Users { get; set; }
    }
}
