using Weft.Model.Identities;

namespace Weft.Model.Tests.Identities;

public sealed class IdentityTests
{
    [Theory]
    [InlineData("host", 1u)]
    [InlineData("reserved:world", 2u)]
    [InlineData("37483", 37483u)]
    [InlineData("0", 0u)]
    [InlineData("4294967295", uint.MaxValue)]
    public void An_identity_is_read_from_its_number_or_reserved_name(string text, uint number)
    {
        Assert.True(Identity.TryParse(text, out Identity identity));
        Assert.Equal(number, identity.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("4294967296")]
    [InlineData("hosts")]
    [InlineData("k8s:host")]
    public void Anything_else_is_no_identity(string? text)
    {
        Assert.False(Identity.TryParse(text, out _));
    }

    [Fact]
    public void Reserved_numbers_print_as_names_and_others_as_numbers()
    {
        Assert.Equal("remote-node", Identity.RemoteNode.ToString());
        Assert.Equal("unknown", Identity.Unknown.ToString());
        Assert.Equal("37483", new Identity(37483).ToString());
        Assert.Equal("200", new Identity(200).ToString());
    }

    [Fact]
    public void The_cluster_range_is_256_to_65535()
    {
        Assert.False(new Identity(255).IsClusterScope);
        Assert.True(new Identity(256).IsClusterScope);
        Assert.True(new Identity(65535).IsClusterScope);
        Assert.False(new Identity(65536).IsClusterScope);
    }

    [Fact]
    public void The_api_server_is_also_a_remote_node()
    {
        IdentityRecord record = Assert.Single(ReservedIdentities.All, r => r.Id == Identity.KubeApiServer);

        Assert.Equal(["reserved:kube-apiserver", "reserved:remote-node"], record.Labels.Select(l => l.ToString()));
        Assert.Equal(Enumerable.Range(1, 8).Select(i => (uint)i), ReservedIdentities.All.Select(r => r.Id.Value));
    }
}
