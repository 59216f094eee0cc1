using Weft.Tests.Shared;

namespace Weft.Linux.Tests;

public class SysctlTests
{
    [KernelFact]
    public void Setting_of_a_namespace_changes_there_only()
    {
        using TestNamespace one = TestNamespace.Create("one");
        using TestNamespace two = TestNamespace.Create("two");

        Assert.True(one.Run(() => Sysctl.Write("net/ipv4/ip_forward", "1")));
        Assert.True(two.Run(() => Sysctl.Write("net/ipv4/ip_forward", "0")));

        Assert.Equal("1", one.Run(() => Sysctl.Read("net/ipv4/ip_forward")));
        Assert.Equal("0", two.Run(() => Sysctl.Read("net/ipv4/ip_forward")));
    }

    [KernelFact]
    public void Setting_that_the_kernel_has_not_is_no_error()
    {
        Assert.Null(Sysctl.Read("net/ipv4/conf/weft-none/rp_filter"));
        Assert.False(Sysctl.Write("net/ipv4/conf/weft-none/rp_filter", "0"));
    }

    [KernelFact]
    public void Value_that_the_kernel_refuses_is_told()
    {
        using TestNamespace one = TestNamespace.Create();

        LinuxException refused = Assert.Throws<LinuxException>(() => one.Run(() => Sysctl.Write("net/ipv4/ip_forward", "maybe")));

        Assert.Equal("set net/ipv4/ip_forward to 'maybe': Invalid argument (errno 22)", refused.Message);
    }

    [Theory]
    [InlineData("../etc/passwd")]
    [InlineData("/etc/passwd")]
    public void Name_that_leads_elsewhere_is_refused(string name) => Assert.Throws<ArgumentException>(() => Sysctl.Read(name));
}
