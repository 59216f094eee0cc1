using System.Text.Json.Serialization.Metadata;
using Weft.Control.Records;
using Weft.Model.Json;
using Weft.Model.Nodes;
using Weft.Model.Policies;
using Weft.Policy.Documents;
using Weft.Store;
using Weft.Store.Following;
using Weft.Store.Layout;

namespace Weft.Control.Policy;

/// <summary>The policies of a cluster and the labels of its namespaces, in the store.</summary>
/// <remarks>People and what stands in for a cluster's API write them; agents only read. The last writer wins.</remarks>
public sealed class PolicyRegistry(IStore store, ClusterName cluster, TimeProvider clock)
{
    private static JsonTypeInfo<PolicyRecord> PolicyType => ModelJsonContext.Default.PolicyRecord;

    private static JsonTypeInfo<NamespaceRecord> NamespaceType => ModelJsonContext.Default.NamespaceRecord;

    /// <summary>Every policy, then every change, without end.</summary>
    public IAsyncEnumerable<RecordEvent<PolicyRecord>> FollowPoliciesAsync(CancellationToken cancellationToken) =>
        new RecordFollower<PolicyRecord>(store, StoreKeys.Policies(cluster), PolicyType, clock).FollowAsync(cancellationToken);

    /// <summary>Every namespace, then every change, without end.</summary>
    public IAsyncEnumerable<RecordEvent<NamespaceRecord>> FollowNamespacesAsync(CancellationToken cancellationToken) =>
        new RecordFollower<NamespaceRecord>(store, StoreKeys.Namespaces(cluster), NamespaceType, clock).FollowAsync(cancellationToken);

    public Task<RecordWrite> PutAsync(PolicyDocument document, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(document);
        PolicyRecord record = new()
        {
            Kind = document.Name.Kind.ToString(),
            Namespace = document.Name.Namespace,
            Name = document.Name.Name,
            Text = document.Text,
            FirstLine = document.FirstLine,
        };
        return RecordWrites.PutAsync(store, KeyOf(document.Name), record, PolicyType, cancellationToken);
    }

    public Task<RecordWrite> PutAsync(PolicyNamespace @namespace, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(@namespace);
        return RecordWrites.PutAsync(
            store, StoreKeys.Namespace(cluster, @namespace.Name), new NamespaceRecord { Name = @namespace.Name, Labels = @namespace.Labels },
            NamespaceType, cancellationToken);
    }

    /// <summary>False: there was none.</summary>
    public Task<bool> DeleteAsync(PolicyName name, CancellationToken cancellationToken) =>
        store.DeleteAsync(KeyOf(name), expected: null, cancellationToken);

    /// <summary>Forgets a namespace's labels. False: there were none.</summary>
    public Task<bool> DeleteNamespaceAsync(string name, CancellationToken cancellationToken) =>
        store.DeleteAsync(StoreKeys.Namespace(cluster, name), expected: null, cancellationToken);

    private string KeyOf(PolicyName name) => StoreKeys.Policy(cluster, name.Kind.ToString(), name.Namespace, name.Name);
}
