using System.Net;
using Weft.Model.Addressing;
using Weft.Model.Labels;

namespace Weft.Control.Endpoints;

/// <summary>The endpoints of this node, from the first request to the last trace.</summary>
/// <remarks>Thread-safe: changes of one endpoint wait for each other, those of different endpoints do not.</remarks>
public sealed class EndpointLifecycle
{
    private readonly EndpointContext _context;
    private readonly EndpointIds _ids = new();
    private readonly EndpointCreator _creator;
    private readonly EndpointRemover _remover;
    private readonly EndpointRelabeler _relabeler;
    private readonly EndpointAuditor _auditor;

    public EndpointLifecycle(EndpointContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        Changes = new ChangeCounter(context.Clock);
        _ids.Reserve(context.Node.HostEndpoint);
        _remover = new EndpointRemover(context, Table, _ids);
        _creator = new EndpointCreator(context, Table, _ids, _remover);
        _relabeler = new EndpointRelabeler(context);
        _auditor = new EndpointAuditor(context);
    }

    public EndpointTable Table { get; } = new();

    /// <summary>Raised when an endpoint is ready that was not there before.</summary>
    public event Action? Created;

    internal ChangeCounter Changes { get; }

    /// <summary>What the store has to say of this node's endpoints.</summary>
    public IReadOnlyCollection<AddressRecord> Published =>
        [.. Table.All.Where(endpoint => endpoint.State is not (EndpointStateName.Disconnecting or EndpointStateName.NotReady))
            .SelectMany(endpoint => _context.Node.Publish(endpoint.Record))];

    /// <summary>
    /// Finds the endpoints of the last run. Call once, before anything else and before programs are attached to the node's devices.
    /// </summary>
    /// <returns>What is to be called when they are.</returns>
    public async Task<Func<IReadOnlySet<string>, Task>> RestoreAsync(CancellationToken cancellationToken)
    {
        EndpointRestorer restorer = new(_context, Table, _ids);
        await restorer.RestoreAsync(cancellationToken).ConfigureAwait(false);
        return async nodeDevices =>
        {
            restorer.Attach();
            await restorer.TidyAsync(_remover, nodeDevices).ConfigureAwait(false);
        };
    }

    /// <inheritdoc cref="EndpointCreator.CreateAsync"/>
    public async Task<Endpoint> CreateAsync(EndpointRequest request, CancellationToken cancellationToken)
    {
        Endpoint endpoint = await Changes.RunAsync(() => _creator.CreateAsync(request, cancellationToken)).ConfigureAwait(false);
        Created?.Invoke();
        return endpoint;
    }

    /// <inheritdoc cref="EndpointRemover.RemoveAsync"/>
    public Task DeleteAsync(Endpoint endpoint, CancellationToken cancellationToken) =>
        Changes.RunAsync(() => _remover.RemoveAsync(endpoint, cancellationToken));

    /// <summary>As <see cref="DeleteAsync"/>, for one that may be gone already.</summary>
    internal Task DeleteIfThereAsync(Endpoint endpoint) =>
        Changes.RunAsync(() => _remover.RemoveAsync(endpoint, CancellationToken.None, missingIsFine: true));

    internal Task RemoveDeviceAsync(string device) => _context.DeviceRemover.RemoveAsync(device);

    /// <summary>Writes again what the datapath is to know of an endpoint.</summary>
    internal async Task RefreshAsync(Endpoint endpoint)
    {
        await endpoint.Changes.WaitAsync().ConfigureAwait(false);
        try
        {
            if (Table.TryFind(endpoint.Id) == endpoint && endpoint.State == EndpointStateName.Ready)
            {
                _context.Entries.Put(endpoint.Record);
                foreach (IPAddress address in endpoint.Record.Addresses)
                {
                    _context.Ipcache.Put(address.AsPrefix(), endpoint.Record.Identity, tunnelEndpoint: null);
                }
            }
        }
        finally
        {
            endpoint.Changes.Release();
        }
    }

    /// <summary>Who asked for the endpoint went before the answer: it goes too, unless somebody else has had the answer or waits for it.</summary>
    public Task AbandonAsync(Endpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return endpoint.Abandon() ? DeleteIfThereAsync(endpoint) : Task.CompletedTask;
    }

    /// <summary>
    /// Registers the identities of all endpoints again, and gives those another number whose labels got one in another store, or
    /// got none while the store was away.
    /// </summary>
    public async Task SyncIdentitiesAsync(CancellationToken cancellationToken)
    {
        await _context.Identities.EnsureAsync(cancellationToken).ConfigureAwait(false);
        await _context.Identities.DropUnusedAsync(cancellationToken).ConfigureAwait(false);
        foreach (Endpoint endpoint in Table.All.Where(endpoint => endpoint.State == EndpointStateName.Ready))
        {
            try
            {
                await _relabeler.ChangeAsync(endpoint, endpoint.Record.Labels, cancellationToken).ConfigureAwait(false);
            }
            catch (EndpointException error) when (error.Error == EndpointError.Conflict)
            {
                // It was deleted in the meantime.
            }
        }
    }

    /// <summary>Whether what policy denies the endpoint is only told; kept over restarts.</summary>
    public Task ChangePolicyAuditAsync(Endpoint endpoint, bool isAudited, CancellationToken cancellationToken) =>
        _auditor.ChangeAsync(endpoint, isAudited, cancellationToken);

    /// <inheritdoc cref="EndpointRelabeler.ChangeAsync"/>
    public Task ChangeLabelsAsync(Endpoint endpoint, LabelSet labels, CancellationToken cancellationToken) =>
        _relabeler.ChangeAsync(endpoint, labels, cancellationToken);
}
