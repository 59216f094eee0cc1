namespace Datapath.Harness;

/// <summary>Tests with real devices.</summary>
[CollectionDefinition]
public sealed class WireCollection : ICollectionFixture<WireFixture>;
