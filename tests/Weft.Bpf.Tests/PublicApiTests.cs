using Weft.Tests.Shared;

namespace Weft.Bpf.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void The_public_api_changes_only_on_purpose() => Golden.Matches("public-api.txt", PublicApi.Of(typeof(BpfObject).Assembly));
}
