using System.Net.Sockets;

namespace Weft.Store.Etcd;

/// <summary>Where etcd is, and the bounds of waiting. The defaults suit every node; tests set others.</summary>
public sealed record EtcdStoreOptions
{
    public required EtcdLocation Location { get; init; }

    /// <summary>How long a call may take, all endpoints that are tried included.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one endpoint may take to accept a connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After this long without a byte from the server, a running watch asks whether it is still there (etcd refuses to be
    /// asked more often than every 5 s).</summary>
    public TimeSpan ProbeAfter { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How long the answer to that may take before the connection is given up.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Entries a list asks for at once.</summary>
    public int PageSize { get; init; } = 4000;

    /// <summary>Makes the sockets of the connections, for etcds in other network namespaces.</summary>
    public Func<Socket> OpenSocket { get; init; } = () => new Socket(SocketType.Stream, ProtocolType.Tcp);

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
