namespace Weft.Linux.Tests;

public class ProcessPrivilegesTests
{
    [Theory]
    [InlineData("CapEff:\t000001ffffffffff", true)]
    [InlineData("CapEff:\t0000000000000000", false)]
    [InlineData("CapEff:\t0000000000001000", true)]
    [InlineData("CapPrm:\t000001ffffffffff", false)]
    public void Capability_is_a_bit_of_the_effective_set(string line, bool expected) =>
        Assert.Equal(expected, ProcessPrivileges.Has(["Name:\tweft", line], Capability.CAP_NET_ADMIN));

    [Fact]
    public void Own_privileges_agree_with_the_user() =>
        Assert.Equal(ProcessPrivileges.IsRoot, Environment.UserName == "root");
}
