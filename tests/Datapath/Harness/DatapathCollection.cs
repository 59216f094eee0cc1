namespace Datapath.Harness;

/// <summary>What a packet does in test runs: one load of the programs for all, as the verifier is slow under emulation.</summary>
[CollectionDefinition]
public sealed class DatapathCollection : ICollectionFixture<DatapathFixture>;
