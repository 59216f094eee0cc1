namespace Weft.Linux.Tests;

public class HardwareAddressTests
{
    [Fact]
    public void Text_bytes_and_number_agree()
    {
        byte[] bytes = [0x0a, 0x1b, 0x2c, 0x3d, 0x4e, 0x5f];
        HardwareAddress address = HardwareAddress.FromBytes(bytes);

        Assert.Equal(0x0a1b_2c3d_4e5fu, address.Value);
        Assert.Equal("0a:1b:2c:3d:4e:5f", address.ToString());
        Assert.Equal(address, HardwareAddress.Parse("0A:1b:2C:3d:4e:5f"));
        byte[] copy = new byte[6];
        address.CopyTo(copy);
        Assert.Equal(bytes, copy);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0a:1b:2c:3d:4e")]
    [InlineData("0a:1b:2c:3d:4e:5f:60")]
    [InlineData("0a-1b-2c-3d-4e-5f")]
    [InlineData("0a:1b:2c:3d:4e: f")]
    [InlineData("0a:1b:2c:3d:4e:xx")]
    public void Other_text_is_refused(string text)
    {
        Assert.False(HardwareAddress.TryParse(text, out _));
        Assert.Throws<FormatException>(() => HardwareAddress.Parse(text));
    }
}
