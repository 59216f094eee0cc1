namespace Datapath.Sockets;

/// <summary>Made on first use, so that skipped tests need no root.</summary>
public sealed class SocketFixture : IDisposable
{
    private readonly Lazy<SocketNode> _node = new(static () => new SocketNode());

    internal SocketNode Node => _node.Value;

    public void Dispose()
    {
        if (_node.IsValueCreated)
        {
            _node.Value.Dispose();
        }
    }
}
