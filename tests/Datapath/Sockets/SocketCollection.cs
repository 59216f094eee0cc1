namespace Datapath.Sockets;

/// <summary>Tests with real sockets.</summary>
[CollectionDefinition]
public sealed class SocketCollection : ICollectionFixture<SocketFixture>;
