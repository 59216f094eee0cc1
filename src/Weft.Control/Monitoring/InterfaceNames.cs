using System.Collections.Immutable;
using System.Globalization;
using Weft.Netlink;
using Weft.Netlink.Links;
using Weft.Netlink.Monitoring;

namespace Weft.Control.Monitoring;

/// <summary>Names of the node's devices by index, as they are now: events carry the index only.</summary>
/// <remarks>A name stays known after its device went, for events that are still on their way.</remarks>
public sealed class InterfaceNames : IDisposable
{
    /// <summary>Names of devices that are gone are forgotten beyond this many.</summary>
    private const int MaxNames = 16384;

    private readonly NetworkMonitor _monitor;
    private readonly RtNetlink _netlink;
    private volatile ImmutableSortedDictionary<string, string> _names = ImmutableSortedDictionary<string, string>.Empty;

    public InterfaceNames(RtNetlink netlink)
    {
        _netlink = netlink;
        _monitor = NetworkMonitor.Open(MonitoredGroups.Links);
        ReadAll();
    }

    /// <summary>By index in decimal. Another object whenever something changed.</summary>
    public ImmutableSortedDictionary<string, string> Current => _names;

    /// <summary>Raised with the name of a device that is down, also when it always was.</summary>
    public event Action<string>? Closed;

    /// <summary>Raised with the name of a device that is gone.</summary>
    public event Action<string>? Removed;

    /// <summary>Follows the kernel until cancelled.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        await foreach (NetworkChange change in _monitor.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (change is NetworkChange.LinkSet { Link: { IsUp: false, Name: var closed } })
            {
                Closed?.Invoke(closed);
            }

            switch (change)
            {
                case NetworkChange.LinkSet set when _names.GetValueOrDefault(KeyOf(set.Link)) != set.Link.Name:
                    _names = _names.SetItem(KeyOf(set.Link), set.Link.Name);
                    break;
                case NetworkChange.LinkRemoved removed:
                    Removed?.Invoke(removed.Link.Name);
                    break;
                case NetworkChange.Overrun:
                    ReadAll();
                    break;
            }

            if (_names.Count > MaxNames)
            {
                _names = _names.Clear();
                ReadAll();
            }
        }
    }

    public void Dispose() => _monitor.Dispose();

    private void ReadAll() => _names = _names.SetItems(
        _netlink.Links.List().Select(link => KeyValuePair.Create(KeyOf(link), link.Name)));

    private static string KeyOf(Link link) => link.Index.Value.ToString(CultureInfo.InvariantCulture);
}
