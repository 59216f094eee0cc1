using System.Net;

namespace Weft.Lab.Probes;

/// <summary>The ICMP of one address family.</summary>
internal abstract class EchoSocket : IDisposable
{
    protected const int PayloadLength = 56;
    protected const int LargestPacket = 65535;

    public abstract Task SendAsync(EchoId id, IPAddress to, CancellationToken cancellationToken);

    /// <returns>Null for a packet that has nothing to do with the request.</returns>
    public abstract Task<EchoAnswer?> ReceiveAsync(EchoId id, CancellationToken cancellationToken);

    public abstract void Dispose();
}
