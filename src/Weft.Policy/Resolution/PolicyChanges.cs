using System.Collections.Immutable;

namespace Weft.Policy.Resolution;

/// <summary>What one run of <see cref="PolicyEngine.Resolve"/> changed.</summary>
/// <remarks>
/// Order in the datapath: tables first, then the prefixes that are new or have new numbers, then those that are gone. So no packet has
/// an identity that the tables do not know yet.
/// </remarks>
/// <param name="Tables">Of subjects whose table is another.</param>
/// <param name="AddedPrefixes">For the ipcache: prefixes that rules name and that have identities of their own now.</param>
public sealed record PolicyChanges(
    ImmutableArray<TableChange> Tables, ImmutableArray<CidrIdentity> AddedPrefixes, ImmutableArray<CidrIdentity> RemovedPrefixes);
