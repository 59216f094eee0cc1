using Weft.Control.Endpoints;
using Weft.Datapath;
using Weft.Datapath.Devices;
using Weft.Linux;
using Weft.Model.Endpoints;

namespace Weft.Control.Node;

/// <summary>Looks whether devices and programs are as the start left them, and repairs what somebody changed.</summary>
/// <remarks>
/// Run by a controller. Where nothing differs, nothing is touched (with clsact the same programs are put in place again).
/// </remarks>
public sealed class AttachmentSync(NodeKernel kernel, LocalNode local, EndpointLifecycle endpoints)
{
    public const string ControllerName = "sync-attachments";

    /// <exception cref="DatapathException">
    /// A device is gone whose index the programs know, so it takes a restart; or a setting of the kernel is in the way.
    /// </exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        kernel.RepairOverlay();
        kernel.RepairHost();
        kernel.Attachments.AttachOverlay(kernel.Overlay);
        kernel.Attachments.AttachUnderlay(local.Underlay.Name, local.Underlay.Index);
        kernel.Attachments.AttachHost(kernel.Host.Net);
        kernel.Sockets.Attach();
        foreach (Endpoint endpoint in endpoints.Table.All)
        {
            await RepairAsync(endpoint, cancellationToken).ConfigureAwait(false);
        }

        if (NetworkSettings.SourceFilterProblem() is { } problem)
        {
            throw new DatapathException(problem);
        }
    }

    private async Task RepairAsync(Endpoint endpoint, CancellationToken cancellationToken)
    {
        await endpoint.Changes.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            EndpointRecord record = endpoint.Record;
            IfIndex index = new(record.HostIfindex);
            if (endpoint.State == EndpointStateName.Ready
                && kernel.Pods.Find(record.HostInterface) == index
                && !kernel.Attachments.IsPodAttached(record.HostInterface, index))
            {
                endpoint.IsSettled = false;
                kernel.Attachments.AttachPod(record.HostInterface, index);
                endpoint.Enter(EndpointStateName.Ready, "the program was missing from the device, and is attached again");
            }
        }
        finally
        {
            endpoint.Changes.Release();
        }
    }
}
