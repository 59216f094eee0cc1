using System.Text.Json;
using Weft.Control.Endpoints;
using Weft.Control.Monitoring;
using Weft.Events;
using Weft.Model.Addressing;
using Weft.Model.Nodes;
using Weft.Model.Services;
using Weft.Store.Following;

namespace Weft.Control.Node;

/// <content>What happens on the node, for those who watch it; the names are those of <c>cilium monitor --type agent</c>.</content>
public sealed partial class NodeAgent
{
    /// <summary>What happens on the node while somebody watches.</summary>
    public NoticeHub Notices { get; }

    private void NoticeEndpoint(Endpoint endpoint, EndpointLogEntry? entry)
    {
        if (!Notices.HasClients)
        {
            return;
        }

        bool isNew = entry is { State: EndpointStateName.Creating };
        Notices.Publish(entry is null ? "Endpoint deleted" : isNew ? "Endpoint created" : "Endpoint state changed", new AgentNoticeDetails
        {
            Id = endpoint.Id.Value,
            Name = endpoint.Record.DisplayName,
            State = entry is null ? null : JsonNamingPolicy.KebabCaseLower.ConvertName(entry.State.ToString()),
            Identity = endpoint.Record.Identity.Value,
            Labels = isNew ? [.. endpoint.Record.Labels.Select(label => label.ToString())] : null,
            Addresses = [.. endpoint.Record.Addresses.Select(address => address.ToString())],
            Reason = entry?.Message,
        });
    }

    private void NoticeNode(RecordEventKind kind, NodeRecord node) => Notices.Publish(
        kind == RecordEventKind.Removed ? "Node deleted" : "Node upserted",
        new AgentNoticeDetails { Name = node.Name.Value, Addresses = [.. node.Addresses.Select(address => address.ToString())] });

    private void NoticeAddress(RecordEventKind kind, AddressRecord address) => Notices.Publish(
        kind == RecordEventKind.Removed ? "IPCache entry deleted" : "IPCache entry upserted",
        new AgentNoticeDetails
        {
            Cidr = address.Prefix.ToString(),
            Identity = address.Identity.Value,
            HostIP = address.NodeAddress.ToString(),
            Name = address.Owner,
        });

    private void NoticeService(RecordEventKind kind, ServiceRecord service) => Notices.Publish(
        kind == RecordEventKind.Removed ? "Service deleted" : "Service upserted",
        new AgentNoticeDetails { Name = service.Name.ToString(), Addresses = [.. service.ClusterIPs.Select(address => address.ToString())] });
}
