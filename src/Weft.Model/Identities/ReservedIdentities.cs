using System.Collections.Frozen;
using System.Collections.Immutable;
using Weft.Model.Labels;

namespace Weft.Model.Identities;

/// <summary>The identities below 256 that have a name, with the numbers that users of Cilium know.</summary>
public static class ReservedIdentities
{
    private static readonly (Identity Id, string Name)[] s_named =
    [
        (Identity.Unknown, "unknown"),
        (Identity.Host, "host"),
        (Identity.World, "world"),
        (Identity.Unmanaged, "unmanaged"),
        (Identity.Health, "health"),
        (Identity.Init, "init"),
        (Identity.RemoteNode, "remote-node"),
        (Identity.KubeApiServer, "kube-apiserver"),
        (Identity.Ingress, "ingress"),
    ];

    private static readonly FrozenDictionary<Identity, string> s_names = s_named.ToFrozenDictionary(n => n.Id, n => n.Name);
    private static readonly FrozenDictionary<string, Identity> s_ids = s_named.ToFrozenDictionary(n => n.Name, n => n.Id);

    /// <summary>Every reserved identity with its labels, by number; <see cref="Identity.Unknown"/> has none and is left out.</summary>
    public static ImmutableArray<IdentityRecord> All { get; } =
        [.. s_named.Where(n => n.Id != Identity.Unknown).Select(n => new IdentityRecord(n.Id, LabelsOf(n.Id, n.Name)))];

    public static string? NameOf(Identity identity) => s_names.GetValueOrDefault(identity);

    /// <summary>Finds by name, with or without the source `reserved:`.</summary>
    public static bool TryFind(string? name, out Identity identity)
    {
        const string source = Label.ReservedSource + ":";
        if (name is null)
        {
            identity = default;
            return false;
        }
        return s_ids.TryGetValue(name.StartsWith(source, StringComparison.Ordinal) ? name[source.Length..] : name, out identity);
    }

    // The API server runs on a node, so its identity carries both labels and a rule for remote nodes selects it too.
    private static LabelSet LabelsOf(Identity id, string name) => id == Identity.KubeApiServer
        ? LabelSet.Create([Label.Reserved(name), Label.Reserved("remote-node")])
        : LabelSet.Create([Label.Reserved(name)]);
}
