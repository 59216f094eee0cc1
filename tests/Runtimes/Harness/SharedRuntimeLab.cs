namespace Runtimes.Harness;

/// <summary>Test classes of this collection share a lab with runtimes: they leave it as they found it.</summary>
[CollectionDefinition(Name)]
public sealed class SharedRuntimeLab : ICollectionFixture<RuntimeLab>
{
    public const string Name = "shared lab with runtimes";
}
