using Weft.Tests.Shared;
using Xunit.Sdk;

namespace Weft.Linux.Tests.SharedLibrary;

[Collection(SerialTests.Name)]
public class LeaksTests
{
    [Fact]
    public void Descriptors_that_stay_open_are_named()
    {
        List<FileStream> kept = [];

        XunitException leak = Assert.ThrowsAny<XunitException>(() => Leaks.NoDescriptors(() => kept.Add(File.OpenRead("/dev/null"))));

        Assert.Contains("-> /dev/null", leak.Message, StringComparison.Ordinal);
        kept.ForEach(stream => stream.Dispose());
    }

    [KernelFact]
    public void Namespaces_that_stay_bound_are_named()
    {
        using TestNamespace kept = TestNamespace.Create("kept");

        XunitException leak = Assert.ThrowsAny<XunitException>(Leaks.NoTestNamespaces);

        Assert.Contains(kept.Name, leak.Message, StringComparison.Ordinal);
    }

    [KernelFact]
    public void Namespace_is_gone_after_a_test_that_failed()
    {
        string? name = null;

        Assert.Throws<InvalidOperationException>((Action)(() =>
        {
            using TestNamespace used = TestNamespace.Create();
            name = used.Name;
            throw new InvalidOperationException("the test failed");
        }));

        Assert.False(NetworkNamespace.Exists(name!));
    }
}
