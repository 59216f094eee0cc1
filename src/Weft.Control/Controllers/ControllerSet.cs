using System.Collections.Immutable;

namespace Weft.Control.Controllers;

/// <summary>The controllers of an agent, by name, for its status.</summary>
public sealed class ControllerSet(TimeProvider clock, Func<double> chance) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Controller> _controllers = new(StringComparer.Ordinal);
    private bool _disposed;

    /// <exception cref="ArgumentException">The name is in use.</exception>
    public Controller Start(ControllerSpec spec)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_controllers.ContainsKey(spec.Name))
            {
                throw new ArgumentException($"start controller '{spec.Name}': one of that name runs already", nameof(spec));
            }
            var controller = new Controller(spec, clock, chance);
            _controllers.Add(spec.Name, controller);
            return controller;
        }
    }

    /// <summary>Stops the controller and forgets its status; nothing happens where there is none of that name.</summary>
    public async Task StopAsync(string name)
    {
        Controller? controller;
        lock (_lock)
        {
            _controllers.Remove(name, out controller);
        }
        if (controller is not null)
        {
            await controller.DisposeAsync().ConfigureAwait(false);
        }
    }

    public Controller? Find(string name)
    {
        lock (_lock)
        {
            return _controllers.GetValueOrDefault(name);
        }
    }

    /// <summary>Status of all, by name.</summary>
    public ImmutableArray<ControllerStatus> Snapshot()
    {
        lock (_lock)
        {
            return [.. _controllers.Values.Select(c => c.Status)];
        }
    }

    public async ValueTask DisposeAsync()
    {
        List<Controller> all;
        lock (_lock)
        {
            _disposed = true;
            all = [.. _controllers.Values];
            _controllers.Clear();
        }
        await Task.WhenAll(all.Select(c => c.DisposeAsync().AsTask())).ConfigureAwait(false);
    }
}
