using System.Collections.Frozen;
using System.Net;

namespace Weft.Control.Cluster;

/// <summary>The addresses that services have on every node, which whoever reconciles services sets.</summary>
/// <remarks>Thread-safe: a reader has one whole set. NodePorts are not in it: the datapath knows nodes' addresses anyway.</remarks>
public sealed class ServiceAddressSet
{
    private volatile FrozenSet<IPAddress> _current = [];

    /// <summary>Raised when another set is there, on the thread that set it.</summary>
    public event Action? Changed;

    public FrozenSet<IPAddress> Current => _current;

    public void Set(IEnumerable<IPAddress> addresses)
    {
        FrozenSet<IPAddress> wanted = addresses.ToFrozenSet();
        if (!wanted.SetEquals(_current))
        {
            _current = wanted;
            Changed?.Invoke();
        }
    }
}
