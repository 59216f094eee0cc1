namespace EndToEnd.Harness;

/// <summary>Test classes of this collection share a lab with services, which they only call.</summary>
[CollectionDefinition(Name)]
public sealed class ServiceLabTests : ICollectionFixture<ServiceLab>
{
    public const string Name = "service lab";
}
