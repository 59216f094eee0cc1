using System.Net;
using Weft.Model.Addressing;

namespace Weft.Model.Tests.Addressing;

public sealed class AddressTextTests
{
    [Theory]
    [InlineData("10.0.1.180")]
    [InlineData("0.0.0.0")]
    [InlineData("fd00::1")]
    [InlineData("FD00:0:0::1")]
    public void The_usual_form_is_an_address(string text)
    {
        Assert.True(AddressText.TryParse(text, out IPAddress? address));
        Assert.Equal(IPAddress.Parse(text), address);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("10.0.1")]
    [InlineData("010.0.1.1")]
    [InlineData("0x0a.0.1.1")]
    [InlineData("10.0.1.256")]
    [InlineData("10.0.1.1 ")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[fd00::1]")]
    [InlineData("[fd00::1]:80")]
    [InlineData("::ffff:10.0.1.1")]
    public void Other_forms_that_the_platform_takes_are_refused(string text)
    {
        Assert.False(AddressText.TryParse(text, out IPAddress? _));
    }

    [Theory]
    [InlineData("0.0.0.0/0", true)]
    [InlineData("10.0.1.180/32", true)]
    [InlineData("fd00::/64", true)]
    [InlineData("10.0.1.1/24", false)]
    [InlineData("10.0.1/24", false)]
    [InlineData("10.0.1.0/+24", false)]
    [InlineData("10.0.1.0/33", false)]
    [InlineData("10.0.1.0/-1", false)]
    [InlineData("10.0.1.0/", false)]
    [InlineData("10.0.1.0/24/24", false)]
    [InlineData("10.0.1.0/99999999999", false)]
    public void A_prefix_has_a_length_and_no_host_bits(string text, bool valid)
    {
        Assert.Equal(valid, AddressText.TryParse(text, out IPNetwork _));
    }
}
