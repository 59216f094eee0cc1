using System.Collections.Immutable;
using Weft.Model.Identities;

namespace Weft.Policy.Resolution;

/// <summary>One direction of an endpoint's policy.</summary>
public sealed class DirectionTable
{
    internal static readonly DirectionTable NotEnforced = new();

    /// <summary>Whether the datapath has to look anything up; if not, everything passes.</summary>
    public bool IsEnforced { get; internal init; }

    /// <summary>Whether a policy, or the mode, denies what no rule allows. If not, <see cref="Any"/> allows everything that no rule denies.</summary>
    public bool DeniesByDefault { get; internal init; }

    /// <summary>Entries for any identity (0), the broadest first.</summary>
    public ImmutableArray<PolicyEntry> Any { get; internal init; } = [];

    /// <summary>Entries for single identities, the broadest first; what <see cref="Any"/> says already is left out.</summary>
    public ImmutableDictionary<Identity, ImmutableArray<PolicyEntry>> Peers { get; internal init; } =
        ImmutableDictionary<Identity, ImmutableArray<PolicyEntry>>.Empty;

    public int Count => Any.Length + Peers.Values.Sum(entries => entries.Length);

    /// <summary>The same two lookups as the datapath makes, of the longest matching prefix each: the peer's identity, and 0.</summary>
    /// <param name="port">Null: unknown (a fragment without its first).</param>
    public PolicyDecision Lookup(Identity peer, byte protocol, ushort? port)
    {
        if (!IsEnforced)
        {
            return new PolicyDecision(PolicyVerdict.NotEnforced, null, Identity.Unknown);
        }

        PolicyEntry? exact = Peers.TryGetValue(peer, out ImmutableArray<PolicyEntry> own) ? Longest(own, protocol, port) : null;
        PolicyEntry? any = Longest(Any, protocol, port);
        bool takesAny = any is { } b && (exact is not { } a
            || b.Precedence > a.Precedence || (b.Precedence == a.Precedence && b.PrefixLength > a.PrefixLength));
        PolicyEntry? decisive = takesAny ? any : exact;
        PolicyVerdict verdict = decisive is not { } entry ? PolicyVerdict.DeniedByDefault
            : entry.IsDeny ? PolicyVerdict.DeniedByRule : PolicyVerdict.Allowed;
        return new PolicyDecision(verdict, decisive, takesAny || decisive is null ? Identity.Unknown : peer);
    }

    private static PolicyEntry? Longest(ImmutableArray<PolicyEntry> entries, byte protocol, ushort? port)
    {
        PolicyEntry? longest = null;
        foreach (PolicyEntry entry in entries)
        {
            // Broadest first, so the last that matches is the longest prefix.
            if (entry.Matches(protocol, port))
            {
                longest = entry;
            }
        }

        return longest;
    }
}
