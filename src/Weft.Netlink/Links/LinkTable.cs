using Weft.Linux;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Links;

/// <summary>The devices of a network namespace.</summary>
public sealed partial class LinkTable
{
    private readonly NetlinkSocket _socket;

    internal LinkTable(NetlinkSocket socket) => _socket = socket;

    public IReadOnlyList<Link> List()
    {
        Span<byte> buffer = stackalloc byte[NetlinkWriter.RequestSize];
        NetlinkWriter writer = new(buffer, RtNetlinkH.RTM_GETLINK, 0);
        writer.PutFixed(default(IfInfoMsg));
        return _socket.Dump<Link>(writer.Finish(), new NetlinkRequest("list devices"), LinkParser.TryParse);
    }

    public Link Get(string name) =>
        Find(name) ?? throw new NetlinkException($"look up device {name}", Errno.ENODEV);

    public Link Get(IfIndex index) =>
        Find(index) ?? throw new NetlinkException($"look up device with index {index}", Errno.ENODEV);

    /// <returns>Null if there is no device of that name.</returns>
    public Link? Find(string name)
    {
        LinkName.ThrowIfInvalid(name);
        Span<byte> buffer = stackalloc byte[NetlinkWriter.RequestSize];
        NetlinkWriter writer = new(buffer, RtNetlinkH.RTM_GETLINK, 0);
        writer.PutFixed(default(IfInfoMsg));
        writer.PutText(IfLink.IFLA_IFNAME, name);
        return Find(writer.Finish(), $"look up device {name}");
    }

    /// <returns>Null if there is no device of that index.</returns>
    public Link? Find(IfIndex index)
    {
        Span<byte> buffer = stackalloc byte[NetlinkWriter.RequestSize];
        NetlinkWriter writer = new(buffer, RtNetlinkH.RTM_GETLINK, 0);
        writer.PutFixed(new IfInfoMsg { Index = index.Value });
        return Find(writer.Finish(), $"look up device with index {index}");
    }

    /// <summary>Changes several properties. The kernel applies them in its own order and stops at the first that fails.</summary>
    public void Change(IfIndex index, LinkSettings settings) => Change(index, name: null, settings);

    /// <inheritdoc cref="Change(IfIndex, LinkSettings)"/>
    public void Change(string name, LinkSettings settings)
    {
        LinkName.ThrowIfInvalid(name);
        Change(IfIndex.None, name, settings);
    }

    public void SetUp(IfIndex index) => Change(index, new LinkSettings { Up = true });

    public void SetDown(IfIndex index) => Change(index, new LinkSettings { Up = false });

    /// <summary>Gives a device another name; kernels before 6.3 want it down.</summary>
    public void Rename(IfIndex index, string name)
    {
        LinkName.ThrowIfInvalid(name);
        Span<byte> buffer = stackalloc byte[NetlinkWriter.RequestSize];
        NetlinkWriter writer = new(buffer, RtNetlinkH.RTM_NEWLINK, 0);
        writer.PutFixed(new IfInfoMsg { Index = index.Value });
        writer.PutText(IfLink.IFLA_IFNAME, name);
        _socket.Execute(writer.Finish(), new NetlinkRequest($"rename device with index {index} to {name}", LinkAdvice.ForRename));
    }

    /// <summary>Moves a device to another namespace: down, without its addresses and routes, maybe with another index.</summary>
    public void Move(IfIndex index, NetworkNamespace target) => Change(index, new LinkSettings { Namespace = target });

    /// <summary>Removes a device; of a veth pair both ends.</summary>
    /// <returns>False if there is none of that index.</returns>
    public bool Delete(IfIndex index)
    {
        Span<byte> buffer = stackalloc byte[NetlinkWriter.RequestSize];
        NetlinkWriter writer = new(buffer, RtNetlinkH.RTM_DELLINK, 0);
        writer.PutFixed(new IfInfoMsg { Index = index.Value });
        return Delete(writer.Finish(), $"delete device with index {index}");
    }

    /// <inheritdoc cref="Delete(IfIndex)"/>
    public bool Delete(string name)
    {
        LinkName.ThrowIfInvalid(name);
        Span<byte> buffer = stackalloc byte[NetlinkWriter.RequestSize];
        NetlinkWriter writer = new(buffer, RtNetlinkH.RTM_DELLINK, 0);
        writer.PutFixed(default(IfInfoMsg));
        writer.PutText(IfLink.IFLA_IFNAME, name);
        return Delete(writer.Finish(), $"delete device {name}");
    }

    private void Change(IfIndex index, string? name, LinkSettings settings)
    {
        // do_setlink (net/core/rtnetlink.c) sets the device up before it reads IFLA_AF_SPEC: too late for the first address.
        if (settings is { GenerateIPv6Address: not null, Up: true })
        {
            Change(index, name, settings with { Up = null });
            Change(index, name, new LinkSettings { Up = true });
            return;
        }

        Span<byte> buffer = stackalloc byte[NetlinkWriter.RequestSize];
        NetlinkWriter writer = new(buffer, RtNetlinkH.RTM_NEWLINK, 0);
        writer.PutFixed(LinkWriter.Header(index, settings));
        if (name is not null)
        {
            writer.PutText(IfLink.IFLA_IFNAME, name);
        }

        LinkWriter.PutSettings(ref writer, settings);
        string device = name ?? $"with index {index}";
        _socket.Execute(writer.Finish(), new NetlinkRequest($"change device {device}", LinkAdvice.ForChange));
    }

    private bool Delete(Span<byte> message, string attempt)
    {
        try
        {
            _socket.Execute(message, new NetlinkRequest(attempt));
            return true;
        }
        catch (NetlinkException exception) when (exception.Errno == Errno.ENODEV)
        {
            return false;
        }
    }

    private Link? Find(Span<byte> message, string attempt)
    {
        try
        {
            return _socket.TryGet(message, new NetlinkRequest(attempt), LinkParser.TryParse, out Link link) ? link : null;
        }
        catch (NetlinkException exception) when (exception.Errno == Errno.ENODEV)
        {
            return null;
        }
    }
}
