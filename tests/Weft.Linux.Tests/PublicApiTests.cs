using Weft.Tests.Shared;

namespace Weft.Linux.Tests;

public class PublicApiTests
{
    [Fact]
    public void Public_api_changes_only_on_purpose() => Golden.Matches("public-api.txt", PublicApi.Of(typeof(NetworkNamespace).Assembly));
}
