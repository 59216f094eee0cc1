using System.Collections.Immutable;

namespace Weft.Store;

/// <summary>The entries under a prefix as they were at one revision; a watch after it misses nothing and repeats nothing.</summary>
/// <param name="Entries">By key.</param>
/// <param name="Revision">Of the last change of the whole store.</param>
/// <param name="Incarnation">Which store this is: another text means that an empty, restored or other store took the place of the
/// one known before (etcd's cluster id, the uid of Kubernetes' kube-system namespace).</param>
public sealed record StoreSnapshot(ImmutableArray<StoreEntry> Entries, Revision Revision, string Incarnation);
