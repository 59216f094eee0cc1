using Weft.Store.Etcd;

namespace Weft.Store.Tests.Etcd;

public sealed class EtcdLocationTests
{
    [Theory]
    [InlineData("etcd://192.168.2.10:2379", "etcd://192.168.2.10:2379", "")]
    [InlineData("etcd://a,b:4001,[fd00::1]:2379", "etcd://a:2379,b:4001,[fd00::1]:2379", "")]
    [InlineData("etcd://a/", "etcd://a:2379", "")]
    [InlineData("etcd://a/prod/weft", "etcd://a:2379/prod/weft", "/prod/weft/")]
    [InlineData("etcd://a?user-file=/etc/weft/user", "etcd://a:2379?user-file=/etc/weft/user", "")]
    [InlineData("etcds://a/p?cert=/c&key=/k&cacert=/ca", "etcds://a:2379/p?cacert=/ca&cert=/c&key=/k", "/p/")]
    public void A_location_is_read_and_written_in_one_way(string text, string written, string prefix)
    {
        Assert.True(StoreLocation.TryParse(text, out StoreLocation? location, out string? error), error);
        Assert.Equal(written, location.ToString());
        Assert.True(EtcdLocation.TryParse(written, out EtcdLocation? etcd, out _));
        Assert.Equal(prefix, etcd.KeyPrefix);
        Assert.True(StoreLocation.TryParse(written, out StoreLocation? again, out _));
        Assert.Equal(location, again);
    }

    [Theory]
    [InlineData("etcd://", "is not HOST:PORT")]
    [InlineData("etcd://a:0", "is not HOST:PORT")]
    [InlineData("etcd://a:65536", "is not HOST:PORT")]
    [InlineData("etcd://a,,b", "is not HOST:PORT")]
    [InlineData("etcd://fd00::1", "is not HOST:PORT")]
    [InlineData("etcd://[fd00::1]x:1", "is not HOST:PORT")]
    [InlineData("etcd://a/pr efix", "printable")]
    [InlineData("etcd://a?cacert=/ca", "write etcds://")]
    [InlineData("etcds://a?cert=/c", "needs both 'cert' and 'key'")]
    [InlineData("etcds://a?cacert=ca.pem", "absolute path")]
    [InlineData("etcds://a?cacert=/a&cacert=/b", "one file")]
    [InlineData("etcd://a?password=x", "unknown option 'password'")]
    public void What_is_wrong_with_a_location_is_told(string text, string expected)
    {
        Assert.False(StoreLocation.TryParse(text, out _, out string? error));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_on_the_command_line_is_refused_and_not_repeated()
    {
        Assert.False(StoreLocation.TryParse("etcd://root:s3cr3t@a:2379", out _, out string? error));
        Assert.DoesNotContain("s3cr3t", error, StringComparison.Ordinal);
        Assert.Contains("user-file", error, StringComparison.Ordinal);
    }
}
