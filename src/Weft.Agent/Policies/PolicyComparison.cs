using Weft.Api.Policies;
using Weft.Control.Node;
using Weft.Model.Addressing;
using Weft.Policy.Documents;
using Weft.Policy.Explaining;
using Weft.Policy.Resolution;

namespace Weft.Agent.Policies;

/// <summary>Says what documents would change, to workloads and to the node's connections of now.</summary>
internal sealed class PolicyComparison(NodeAgent agent, TimeProvider clock)
{
    private const string NamespaceLabel = $"k8s:{LabelRequirement.NamespaceKey}=";
    private const string Kubernetes = "k8s:";

    /// <param name="isDeletion">The documents are to go.</param>
    /// <param name="limit">So many pairs are listed.</param>
    public async Task<PolicyDryRunReport> CompareAsync(PolicyDocuments documents, bool isDeletion, int limit, CancellationToken cancellationToken)
    {
        // It takes a while with many identities, and nobody else should wait for it.
        PolicyEngine engine = await agent.Policy.AskAsync(engine => engine.Copy(), cancellationToken).ConfigureAwait(false);
        PolicyEnds ends = new(agent, engine);
        IReadOnlyList<TrackedConnection> tracked = TrackedConnections.Read(agent.Kernel.Datapath.Maps, clock);
        ILookup<PolicyConnection, (TrackedConnection Tracked, PolicyEnd Source, PolicyEnd Destination)> connections = tracked
            .Select(connection => (Tracked: connection, Source: ends.OfAddress(connection.Source), Destination: ends.OfAddress(connection.Destination)))
            .ToLookup(known => new PolicyConnection(Of(known.Source), Of(known.Destination), known.Tracked.Protocol, known.Tracked.Port));
        DryRunReport report = PolicyDryRun.Compare(
            engine, other => Change(other, documents, isDeletion), connections.Select(group => group.Key), limit);
        return new PolicyDryRunReport
        {
            Pairs = [.. report.Pairs.Select(change => Show(change, Name(ends, change.Flow.Source), Name(ends, change.Flow.Destination)))],
            PairCount = report.PairCount,
            Connections =
            [
                .. report.Connections.SelectMany(change => connections[change.Flow].Select(known =>
                    Show(change, Name(ends, known.Source), Name(ends, known.Destination)) with
                    {
                        Connections = known.Tracked.Count,
                        Nodes = [agent.Local.Name.Value],
                    })),
            ],
            ConnectionCount = tracked.Sum(connection => connection.Count),
        };
    }

    private static void Change(PolicyEngine engine, PolicyDocuments documents, bool isDeletion)
    {
        foreach (PolicyNamespace space in documents.Namespaces)
        {
            if (isDeletion)
            {
                engine.RemoveNamespace(space.Name);
            }
            else
            {
                engine.PutNamespace(space);
            }
        }

        foreach (PolicyDocument policy in documents.Policies)
        {
            if (isDeletion)
            {
                engine.RemovePolicy(policy.Name);
            }
            else
            {
                engine.PutPolicy(policy);
            }
        }
    }

    /// <summary>Other policies may give an address outside another identity.</summary>
    private static FlowEnd Of(PolicyEnd end) =>
        end is { Node: null, Address: { } address } ? new FlowEnd(end.Identity, address.AsPrefix()) : new FlowEnd(end.Identity);

    private static PolicyFlowEnd Name(PolicyEnds ends, PolicyEnd end) => new()
    {
        Name = end.Name,
        Identity = end.Identity.Value,
        Labels = ends.LabelsOf(end.Identity),
        Address = end.Address?.ToString(),
        Endpoint = end.Endpoint?.Value,
        Node = end.Node,
    };

    /// <summary>Everybody of one identity is the same here, so it is named by its labels.</summary>
    private static PolicyFlowEnd Name(PolicyEnds ends, FlowEnd end)
    {
        IReadOnlyList<string> labels = ends.LabelsOf(end.Identity);
        string? space = labels.FirstOrDefault(label => label.StartsWith(NamespaceLabel, StringComparison.Ordinal))?[NamespaceLabel.Length..];
        string[] own =
        [
            .. labels.Where(label => !label.StartsWith(NamespaceLabel, StringComparison.Ordinal))
                .Select(label => label.StartsWith(Kubernetes, StringComparison.Ordinal) ? label[Kubernetes.Length..] : label),
        ];
        string name = end.Prefix is { } prefix ? prefix.ToString()
            : end.Identity.IsReserved ? end.Identity.ToString()
            : $"{space}/{(own.Length == 0 ? "(no labels)" : string.Join(',', own))}";
        return new PolicyFlowEnd { Name = name, Identity = end.Identity.Value, Labels = labels };
    }

    private static PolicyVerdictChange Show(VerdictChange change, PolicyFlowEnd source, PolicyFlowEnd destination) => new()
    {
        Source = source,
        Destination = destination,
        Protocol = Protocols.NameOf(change.Flow.Protocol),
        Port = change.Flow.Port,
        IsForOtherPorts = change.IsForOtherPorts,
        WasAllowed = change.WasAllowed,
        Rule = change.Rule is { } rule ? PolicyWords.Of(rule) : null,
    };
}
