using Weft.Control.Endpoints;
using Weft.Control.Nodes;
using Weft.Linux;
using Weft.Model.Endpoints;
using Weft.Model.Identities;
using Weft.Model.Labels;
using Weft.Model.Nodes;
using Weft.Netlink;

namespace Weft.Control.Health;

/// <summary>
/// The endpoint with identity <c>health</c>: wired as every pod is, so that a probe of it goes the way that packets to pods go. In its
/// network namespace there is nothing but the kernel, which answers ICMP, and a listener of this process.
/// </summary>
/// <remarks>
/// Only a descriptor of this process holds the namespace, so namespace and devices end with the process however it ends; the next
/// start finds the record and removes the rest. Changed by one controller, one run at a time.
/// </remarks>
internal sealed class HealthEndpoint(
    EndpointLifecycle endpoints, NodeRegistration registration, TimeProvider clock) : IAsyncDisposable
{
    public const string ControllerName = "health-endpoint";

    /// <summary>Its name on the node, as users of Cilium know it.</summary>
    public const string HostInterface = "lxc_health";

    private const string ContainerId = "health";

    private NetworkNamespace? _namespace;
    private HelloListener? _listener;
    private volatile HealthAddresses? _addresses;
    private bool _published;

    /// <summary>Null while there is none.</summary>
    public HealthAddresses? Addresses => _addresses;

    /// <summary>Makes the endpoint where it is missing, and tells the other nodes of it.</summary>
    /// <param name="isConnected">Whether the endpoint's devices are there.</param>
    public async Task EnsureAsync(Func<EndpointRecord, bool> isConnected, CancellationToken cancellationToken)
    {
        Endpoint? there = endpoints.Table.TryFind(ContainerId, EndpointRequest.DefaultInterface);
        if (there is null || _addresses is null || there.State != EndpointStateName.Ready || !isConnected(there.Record))
        {
            await ReleaseAsync().ConfigureAwait(false);
            await DeleteAsync(there, cancellationToken).ConfigureAwait(false);
            _addresses = await MakeAsync(cancellationToken).ConfigureAwait(false);
        }

        if (!_published)
        {
            await registration.PublishHealthAsync(_addresses, cancellationToken).ConfigureAwait(false);
            _published = true;
        }
    }

    /// <summary>Ends the namespace, and with it the devices. The record and the address stay until the next start.</summary>
    public ValueTask DisposeAsync() => ReleaseAsync();

    private async Task<HealthAddresses> MakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            _namespace = NetworkNamespace.CreateAnonymous();
            using (RtNetlink netlink = RtNetlink.Open(_namespace))
            {
                netlink.Links.SetUp(netlink.Links.Get("lo").Index);
            }

            _listener = new HelloListener(_namespace.Run(() => HelloListener.Listen(address: null)), clock);
            Endpoint made = await endpoints.CreateAsync(
                new EndpointRequest
                {
                    NetnsPath = $"/proc/{Environment.ProcessId}/fd/{_namespace.Handle.Number}",
                    ContainerId = ContainerId,
                    HostInterface = HostInterface,
                    Labels = LabelSet.Create([Label.Reserved("health")]),
                    SystemIdentity = Identity.Health,
                },
                cancellationToken).ConfigureAwait(false);
            return new HealthAddresses { IPv4 = made.Record.IPv4, IPv6 = made.Record.IPv6 };
        }
        catch
        {
            await ReleaseAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task DeleteAsync(Endpoint? endpoint, CancellationToken cancellationToken)
    {
        if (endpoint is null)
        {
            return;
        }

        try
        {
            await endpoints.DeleteAsync(endpoint, cancellationToken).ConfigureAwait(false);
        }
        catch (EndpointException error) when (error.Error == EndpointError.NotFound)
        {
            // The collector of endpoints without devices was first.
        }
    }

    private async ValueTask ReleaseAsync()
    {
        _addresses = null;
        _published = false;
        if (_listener is { } listener)
        {
            _listener = null;
            await listener.DisposeAsync().ConfigureAwait(false);
        }

        _namespace?.Dispose();
        _namespace = null;
    }
}
