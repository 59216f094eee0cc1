using Weft.Linux;
using Weft.Netlink.Uapi;
using Weft.Netlink.Wire;

namespace Weft.Netlink.Tests;

public class NetlinkSocketTests
{
    private static readonly NetlinkRequest s_request = new("do it");

    [Fact]
    public void Acknowledgement_ends_a_request()
    {
        using FakeKernel kernel = new();
        kernel.Answers(FakeKernel.Error(1, 0, Request()));

        kernel.Client.Execute(Request(), s_request);
    }

    [Fact]
    public void Dump_is_gathered_from_several_datagrams_and_messages()
    {
        using FakeKernel kernel = new();
        kernel.Answers(
            [.. FakeKernel.Object(1, 10), .. FakeKernel.Object(1, 11)],
            [.. FakeKernel.Object(1, 12), .. FakeKernel.Done(1)]);

        Assert.Equal([10, 11, 12], kernel.Client.Dump<int>(Request(), s_request, TryParse));
    }

    [Fact]
    public void Interrupted_dump_is_read_again_from_the_start()
    {
        using FakeKernel kernel = new();
        kernel.Answers(
            [.. FakeKernel.Object(1, 10, NetlinkH.NLM_F_DUMP_INTR), .. FakeKernel.Done(1)],
            [.. FakeKernel.Object(2, 20), .. FakeKernel.Done(2, flags: NetlinkH.NLM_F_DUMP_INTR)],
            [.. FakeKernel.Object(3, 30), .. FakeKernel.Done(3)]);

        Assert.Equal([30], kernel.Client.Dump<int>(Request(), s_request, TryParse));
    }

    [Fact]
    public void Dump_that_is_always_interrupted_fails_in_the_end()
    {
        using FakeKernel kernel = new();
        kernel.Answers([.. Enumerable.Range(1, 10).Select(n => FakeKernel.Done((uint)n, flags: NetlinkH.NLM_F_DUMP_INTR))]);

        NetlinkException failed = Assert.Throws<NetlinkException>(() => kernel.Client.Dump<int>(Request(), s_request, TryParse));

        Assert.Equal(
            "do it: Interrupted system call (errno 4) (the list changed during each of 10 reads: try again later)", failed.Message);
    }

    [Fact]
    public void Error_at_the_end_of_a_dump_is_thrown()
    {
        using FakeKernel kernel = new();
        kernel.Answers([.. FakeKernel.Object(1, 10), .. FakeKernel.Done(1, -(int)Errno.ENODEV)]);

        Assert.Equal(
            Errno.ENODEV,
            Assert.Throws<NetlinkException>(() => kernel.Client.Dump<int>(Request(), s_request, TryParse)).Errno);
    }

    [Fact]
    public void Rest_of_an_older_answer_is_passed_over()
    {
        using FakeKernel kernel = new();
        kernel.Answers(
            FakeKernel.Error(1, -(int)Errno.EPERM, Request()),
            FakeKernel.Done(1),
            FakeKernel.Object(1, 99),
            FakeKernel.Object(2, 20, flags: 0),
            FakeKernel.Error(2, 0, Request()));

        NetlinkException refused = Assert.Throws<NetlinkException>(() => kernel.Client.Execute(Request(), s_request));
        Assert.True(kernel.Client.TryGet<int>(Request(), s_request, TryParse, out int found));

        Assert.Equal(20, found);
        Assert.EndsWith("(run as root or with CAP_NET_ADMIN in the network namespace)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Extended_acknowledgement_tells_the_text_and_the_attribute()
    {
        using FakeKernel kernel = new();
        byte[] request = Request();
        kernel.Answers(FakeKernel.Error(
            1,
            -(int)Errno.EINVAL,
            request,
            [
                .. Attribute(NetlinkH.NLMSGERR_ATTR_MSG, "bad MTU\0"u8),
                .. Attribute(NetlinkH.NLMSGERR_ATTR_OFFS, BitConverter.GetBytes(16)),
            ]));

        NetlinkException refused = Assert.Throws<NetlinkException>(() => kernel.Client.Execute(request, s_request));

        Assert.Equal("do it: Invalid argument (errno 22): bad MTU, attribute 13 at offset 16", refused.Message);
        Assert.Equal(("bad MTU", 16, 13), (refused.KernelText, refused.AttributeOffset, refused.AttributeType));
    }

    [Fact]
    public void Missing_attribute_is_named()
    {
        using FakeKernel kernel = new();
        kernel.Answers(FakeKernel.Error(
            1, -(int)Errno.EINVAL, Request(), Attribute(NetlinkH.NLMSGERR_ATTR_MISS_TYPE, BitConverter.GetBytes(7))));

        NetlinkException refused = Assert.Throws<NetlinkException>(() => kernel.Client.Execute(Request(), s_request));

        Assert.Equal("do it: Invalid argument (errno 22), attribute 7 is missing", refused.Message);
    }

    [Fact]
    public void Silence_is_told()
    {
        using FakeKernel kernel = new();

        Assert.Equal(Errno.ETIMEDOUT, Assert.Throws<NetlinkException>(() => kernel.Client.Execute(Request(), s_request)).Errno);
    }

    [Fact]
    public void Message_longer_than_its_datagram_is_told()
    {
        using FakeKernel kernel = new();
        kernel.Answers(FakeKernel.Done(1)[..^1]);

        Assert.Equal(
            Errno.EBADMSG,
            Assert.Throws<NetlinkException>(() => kernel.Client.Dump<int>(Request(), s_request, TryParse)).Errno);
    }

    /// <summary>A request with one attribute, of number 13.</summary>
    private static byte[] Request()
    {
        NetlinkWriter writer = new(new byte[64], RtNetlinkH.RTM_GETLINK, 0);
        writer.PutUInt32(13, 1);
        return writer.Finish().ToArray();
    }

    private static byte[] Attribute(ushort type, ReadOnlySpan<byte> payload)
    {
        NetlinkWriter writer = new(new byte[256], 0, 0);
        writer.PutBytes(type, payload);
        return writer.Finish()[NetlinkHeader.Size..].ToArray();
    }

    private static bool TryParse(NetlinkMessage message, out int value)
    {
        value = message.Payload.Length == sizeof(int) ? BitConverter.ToInt32(message.Payload) : 0;
        return true;
    }
}
