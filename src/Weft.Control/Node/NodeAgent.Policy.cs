using System.Collections.Concurrent;
using System.Net;
using Weft.Control.Controllers;
using Weft.Control.Monitoring;
using Weft.Control.Policy;
using Weft.Control.Services;
using Weft.Datapath;
using Weft.Model.Addressing;
using Weft.Model.Endpoints;
using Weft.Model.Labels;
using Weft.Store.Following;

namespace Weft.Control.Node;

/// <content>Policy: who may speak to whom.</content>
public sealed partial class NodeAgent
{
    /// <summary>That Kubernetes gives to every node.</summary>
    private const string HostNameLabel = "kubernetes.io/hostname";

    private Func<CancellationToken, Task> _syncPrefixes = static _ => Task.CompletedTask;

    private readonly ConcurrentDictionary<IPNetwork, bool> _addressesWithPorts = new();

    public NodePolicy Policy { get; private set; } = null!;

    public PolicyRegistry Policies { get; private set; } = null!;

    /// <summary>What the store says of policy.</summary>
    public PolicyFeed PolicyFeed { get; private set; } = null!;

    /// <summary>What policy denied.</summary>
    public LastDenials Denials { get; private set; } = null!;

    /// <summary>Starts to follow the store, and waits until all endpoints have the tables that follow from what it had.</summary>
    /// <remarks>Until then those of an agent before hold.</remarks>
    private async Task StartPolicyAsync(Controller cluster, CancellationToken cancellationToken)
    {
        _syncPrefixes = cluster.RunNowAsync;
        LabelSet labels = LabelSet.Create(
            [Label.Reserved("host"), Label.Create(Label.KubernetesSource, HostNameLabel, Local.Name.Value)]);
        await Policy.AdmitHostAsync(Local.HostEndpoint, labels, cancellationToken).ConfigureAwait(false);
        Cluster.AddressChanged += NotePorts;
        foreach (AddressRecord record in Cluster.Addresses.Values.Where(record => record.Ports is not null))
        {
            NotePorts(RecordEventKind.Put, record);
        }

        Denials = new LastDenials(Events, Endpoints.Table, _clock);
        Controllers.Start(new ControllerSpec("watch-denials", Denials.FollowAsync));
        Policies = new PolicyRegistry(Store, Local.Cluster, _clock);
        PolicyFeed = new PolicyFeed(Policy, Policies, _loggers);
        ServiceRegistry services = Services.Registry;
        Controllers.Start(new ControllerSpec("watch-policies", PolicyFeed.FollowPoliciesAsync));
        Controllers.Start(new ControllerSpec("watch-namespaces", PolicyFeed.FollowNamespacesAsync));
        Controllers.Start(new ControllerSpec("watch-identities", token => PolicyFeed.FollowIdentitiesAsync(Identities, token)));
        Controllers.Start(new ControllerSpec("watch-policy-services", token => PolicyFeed.FollowServicesAsync(services, token)));
        Controllers.Start(new ControllerSpec("watch-policy-endpoint-slices", token => PolicyFeed.FollowSlicesAsync(services, token)));
        try
        {
            await PolicyFeed.Synced.WaitAsync(s_firstSync, _clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new DatapathException(
                $"read policies from store {Store.Location}: no answer within {s_firstSync.TotalSeconds} s"
                    + (PolicyFeed.Failure is { } why ? $": {why}" : ""));
        }

        Controller sync = Controllers.Start(
            new ControllerSpec("sync-policy", Policy.ReconcileAsync) { Interval = TimeSpan.FromMinutes(1), RunAtStart = false });
        await sync.RunNowAsync(cancellationToken).ConfigureAwait(false);
        Policy.Changed += sync.Trigger;
        sync.Trigger();
    }

    /// <summary>Few pods have ports with names, so most records concern nobody.</summary>
    private void NotePorts(RecordEventKind kind, AddressRecord record)
    {
        NamedPorts? ports = kind == RecordEventKind.Removed ? null : record.Ports;
        if (ports is not null)
        {
            _addressesWithPorts[record.Prefix] = true;
        }

        if (ports is not null || _addressesWithPorts.TryRemove(record.Prefix, out _))
        {
            Policy.PutPorts(record.Prefix, record.Identity, ports);
        }
    }
}
