using Weft.Model.Addressing;

namespace Weft.Model.Tests.Addressing;

public sealed class MacAddressTests
{
    [Fact]
    public void Text_and_bytes_have_the_order_of_the_wire()
    {
        Assert.True(MacAddress.TryParse("0a:1B:2c:3d:4e:5f", out MacAddress mac, out _));

        byte[] bytes = new byte[6];
        mac.CopyTo(bytes);
        Assert.Equal([0x0a, 0x1b, 0x2c, 0x3d, 0x4e, 0x5f], bytes);
        Assert.Equal(mac, MacAddress.FromBytes(bytes));
        Assert.Equal("0a:1b:2c:3d:4e:5f", mac.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0a:1b:2c:3d:4e")]
    [InlineData("0a:1b:2c:3d:4e:5f:60")]
    [InlineData("0a:1b:2c:3d:4e:5g")]
    [InlineData("a:1b:2c:3d:4e:5f")]
    [InlineData("0a-1b-2c-3d-4e-5f")]
    [InlineData("0a:1b:2c:3d:4e: f")]
    public void Anything_else_is_refused(string? text)
    {
        Assert.False(MacAddress.TryParse(text, out _, out string? error));
        Assert.Contains("is not a MAC address", error);
    }
}
