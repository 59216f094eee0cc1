using Weft.Control.State;

namespace Weft.Control.Services;

/// <summary>Gives numbers to frontends and backends, each once, over restarts too.</summary>
/// <remarks>
/// What is saved is ahead of what is given by up to <see cref="Block"/>, so that not every new number is a write. A restart skips
/// the rest of the block. Not thread-safe.
/// </remarks>
public sealed class ServiceIds
{
    public const uint Block = 1024;

    private readonly Action<ServiceIdState> _save;
    private ServiceIdState _next;
    private ServiceIdState _saved;

    /// <param name="start">What was saved last; null: nothing ever.</param>
    /// <param name="save">Keeps what is to be the start after a restart.</param>
    public ServiceIds(ServiceIdState? start, Action<ServiceIdState> save)
    {
        _save = save;
        _next = start ?? ServiceIdState.First;
        _saved = _next;
    }

    /// <summary>Numbers that are in use, whoever gave them.</summary>
    public void Skip(IEnumerable<uint> frontends, IEnumerable<uint> backends) => _next = new ServiceIdState
    {
        Frontend = Math.Max(_next.Frontend, frontends.DefaultIfEmpty().Max() + 1),
        Backend = Math.Max(_next.Backend, backends.DefaultIfEmpty().Max() + 1),
    };

    public uint TakeFrontend()
    {
        uint id = _next.Frontend;
        Advance(_next with { Frontend = id + 1 });
        return id;
    }

    public uint TakeBackend()
    {
        uint id = _next.Backend;
        Advance(_next with { Backend = id + 1 });
        return id;
    }

    private void Advance(ServiceIdState next)
    {
        if (next.Frontend > _saved.Frontend || next.Backend > _saved.Backend)
        {
            ServiceIdState ahead = new() { Frontend = next.Frontend + Block, Backend = next.Backend + Block };
            _save(ahead);
            _saved = ahead;
        }

        _next = next;
    }
}
