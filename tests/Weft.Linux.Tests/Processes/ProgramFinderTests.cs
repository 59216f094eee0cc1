using Weft.Linux.Processes;

namespace Weft.Linux.Tests.Processes;

public sealed class ProgramFinderTests
{
    [Theory]
    [InlineData("sh", "/nowhere:/bin", "/bin/sh")]
    [InlineData("/bin/sh", "/nowhere", "/bin/sh")]
    [InlineData("weft-is-not-here", "/bin", null)]
    [InlineData("passwd", "/etc", null)]
    public void A_name_is_looked_for_as_a_shell_does(string name, string searchPath, string? expected)
    {
        Assert.Equal(expected, ProgramFinder.Find(name, searchPath));
    }
}
