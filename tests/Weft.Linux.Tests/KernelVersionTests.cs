using Weft.Tests.Shared;

namespace Weft.Linux.Tests;

public class KernelVersionTests
{
    [Theory]
    [InlineData("6.18.44-fc-v657\n", 6, 18, 44)]
    [InlineData("6.1.0-23-amd64", 6, 1, 0)]
    [InlineData("5.10-rc3+", 5, 10, 0)]
    [InlineData("6.12", 6, 12, 0)]
    [InlineData("4.19.0.arch1", 4, 19, 0)]
    public void Release_is_read(string release, int major, int minor, int patch) =>
        Assert.Equal(new KernelVersion(major, minor, patch), KernelVersion.Parse(release));

    [Theory]
    [InlineData("")]
    [InlineData("6")]
    [InlineData("x.y")]
    [InlineData("6.")]
    public void Other_text_is_refused(string release) => Assert.Throws<FormatException>(() => KernelVersion.Parse(release));

    [Fact]
    public void Versions_compare_by_number()
    {
        Assert.True(new KernelVersion(6, 9) < new KernelVersion(6, 10));
        Assert.True(new KernelVersion(6, 6, 1) > new KernelVersion(6, 6));
        Assert.True(new KernelVersion(5, 10) <= new KernelVersion(5, 10, 0));
    }

    [Fact]
    public void Current_is_what_uname_says()
    {
        (int major, int minor, _) = KernelVersion.Current;

        Assert.StartsWith($"{major}.{minor}", Tool.Run("uname", "-r"), StringComparison.Ordinal);
    }
}
