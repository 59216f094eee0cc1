using Weft.Control.Conntrack;
using Weft.Control.Services;
using Weft.Control.State;

namespace Weft.Control.Node;

/// <content>Load balancing, and who else is to know of it.</content>
public sealed partial class NodeAgent
{
    /// <remarks>Before the first run that marks addresses as services': a restart must not take the marks away for a moment.</remarks>
    private async Task StartServicesAsync(StateDirectory state, ConntrackForgetter flows, CancellationToken cancellationToken)
    {
        Services = Own(new NodeServices(Local, Store, Kernel.Datapath.Maps, state, flows, _clock, _loggers));
        BackendSocketCloser sockets = new(
            Kernel.Datapath.Maps.SockNat, () => Endpoints.Table.All.Select(endpoint => endpoint.Record.NetnsPath), _loggers);
        Services.View.ServiceChanged += NoticeService;
        Services.Reconciler.AddressesChanged += ServiceAddresses.Set;
        Services.Reconciler.BackendsGone += gone => sockets.Close([.. gone.Select(DatapathServiceMaps.ValueOf)]);
        await Services.StartAsync(Controllers, s_firstSync, _clock, cancellationToken).ConfigureAwait(false);
    }
}
