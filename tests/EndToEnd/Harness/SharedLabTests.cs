namespace EndToEnd.Harness;

/// <summary>Test classes of this collection share a lab: they leave it as they found it.</summary>
[CollectionDefinition(Name)]
public sealed class SharedLabTests : ICollectionFixture<SharedLab>
{
    public const string Name = "shared lab";
}
