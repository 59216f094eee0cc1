using Weft.Linux;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Links;

/// <summary>Creation of devices. Nothing stays behind of one that could not be made as asked for.</summary>
/// <remarks>The kernel ignores some settings in the creating request; they follow in a second one, before anything goes up.</remarks>
public sealed partial class LinkTable
{
    /// <summary>Fills IFLA_INFO_DATA.</summary>
    private delegate void DataWriter(ref NetlinkWriter writer);

    /// <summary>Makes a veth pair, each end at once in its own namespace if its settings name one.</summary>
    public void CreateVeth(string name, LinkSettings settings, string peerName, LinkSettings peer)
    {
        LinkName.ThrowIfInvalid(peerName);
        // An end that goes up before the other one is registered fails with ENOTCONN (drivers/net/veth.c, veth_open).
        (LinkSettings peerNow, LinkSettings? peerLater) = LinkDeferral.Split(peer, upLater: true);
        (LinkSettings now, LinkSettings? later) = LinkDeferral.Split(settings);
        void PutPeer(ref NetlinkWriter writer)
        {
            int end = writer.BeginNested(Veth.VETH_INFO_PEER);
            writer.PutFixed(LinkWriter.Header(IfIndex.None, peerNow));
            writer.PutText(IfLink.IFLA_IFNAME, peerName);
            LinkWriter.PutSettings(ref writer, peerNow);
            writer.EndNested(end);
        }

        NetlinkRequest request = new($"create device {name} of type veth with peer {peerName}", LinkAdvice.ForCreate);
        Create(name, now, LinkKind.Veth, PutPeer, request);
        try
        {
            Finish(peerName, peer.Namespace, peerLater);
            Finish(name, settings.Namespace, later);
        }
        catch
        {
            DeleteIn(settings.Namespace, name);
            throw;
        }
    }

    public void CreateVxlan(string name, VxlanSettings vxlan, LinkSettings? settings = null)
    {
        void PutVxlan(ref NetlinkWriter writer) => LinkWriter.PutVxlan(ref writer, vxlan);
        NetlinkRequest request = new($"create device {name} of type vxlan", LinkAdvice.ForCreateVxlan);
        CreateOne(name, settings, LinkKind.Vxlan, PutVxlan, request);
    }

    public void CreateBridge(string name, BridgeSettings? bridge = null, LinkSettings? settings = null)
    {
        void PutBridge(ref NetlinkWriter writer) => LinkWriter.PutBridge(ref writer, bridge ?? new BridgeSettings());
        NetlinkRequest request = new($"create device {name} of type bridge", LinkAdvice.ForCreate);
        CreateOne(name, settings, LinkKind.Bridge, PutBridge, request);
    }

    private void CreateOne(string name, LinkSettings? settings, string kind, DataWriter putData, NetlinkRequest request)
    {
        (LinkSettings now, LinkSettings? later) = LinkDeferral.Split(settings ?? new LinkSettings());
        Create(name, now, kind, putData, request);
        try
        {
            Finish(name, now.Namespace, later);
        }
        catch
        {
            DeleteIn(now.Namespace, name);
            throw;
        }
    }

    private void Create(string name, LinkSettings settings, string kind, DataWriter putData, NetlinkRequest request)
    {
        LinkName.ThrowIfInvalid(name);
        Span<byte> buffer = stackalloc byte[NetlinkWriter.RequestSize];
        NetlinkWriter writer = new(buffer, RtNetlinkH.RTM_NEWLINK, NetlinkH.NLM_F_CREATE | NetlinkH.NLM_F_EXCL);
        writer.PutFixed(LinkWriter.Header(IfIndex.None, settings));
        writer.PutText(IfLink.IFLA_IFNAME, name);
        LinkWriter.PutSettings(ref writer, settings);
        int info = writer.BeginNested(IfLink.IFLA_LINKINFO);
        writer.PutText(IfLink.IFLA_INFO_KIND, kind);
        int data = writer.BeginNested(IfLink.IFLA_INFO_DATA);
        putData(ref writer);
        writer.EndNested(data);
        writer.EndNested(info);
        _socket.Execute(writer.Finish(), request);
    }

    private void Finish(string name, NetworkNamespace? where, LinkSettings? settings)
    {
        if (settings is not null)
        {
            In(where, links => links.Change(name, settings));
        }
    }

    private void DeleteIn(NetworkNamespace? where, string name) => In(where, links => links.Delete(name));

    private void In(NetworkNamespace? where, Action<LinkTable> action)
    {
        if (where is null)
        {
            action(this);
            return;
        }

        using NetlinkSocket socket = NetlinkSocket.Open(NetlinkH.NETLINK_ROUTE, where);
        action(new LinkTable(socket));
    }
}
