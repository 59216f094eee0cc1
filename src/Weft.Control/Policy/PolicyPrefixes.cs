using System.Collections.Immutable;
using System.Net;
using Weft.Model.Identities;

namespace Weft.Control.Policy;

/// <summary>The prefixes that policies name, with the identities that the ipcache is to give their addresses.</summary>
/// <remarks>Thread-safe: a reader has one whole set.</remarks>
public sealed class PolicyPrefixes
{
    private volatile ImmutableDictionary<IPNetwork, Identity> _current = ImmutableDictionary<IPNetwork, Identity>.Empty;

    public ImmutableDictionary<IPNetwork, Identity> Current => _current;

    internal void Set(ImmutableDictionary<IPNetwork, Identity> prefixes) => _current = prefixes;
}
