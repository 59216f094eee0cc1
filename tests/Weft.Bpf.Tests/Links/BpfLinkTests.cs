using Weft.Bpf.Links;
using Weft.Linux;
using Weft.Tests.Shared;

namespace Weft.Bpf.Tests.Links;

public sealed class BpfLinkTests : IDisposable
{
    private readonly LinkFixture _net = new();

    public void Dispose() => _net.Dispose();

    [KernelFact]
    public void A_link_lasts_as_long_as_its_descriptor_or_pin()
    {
        SkipWithoutTcx();
        using (BpfLink link = Attach())
        {
            Assert.Equal("first", _net.ProgramMetByArrival());
            link.Pin(_net.Pins["link"]);
        }

        Assert.Equal("first", _net.ProgramMetByArrival());
        using (BpfLink again = BpfLink.OpenPinned(_net.Pins["link"]))
        {
            BpfLinkInfo info = again.GetInfo();
            Assert.Equal((_net.First.Id, _net.Left, TcDirection.Ingress, true), (info.ProgramId, info.IfIndex, info.Direction, info.IsAttached));
            again.Update(_net.Second);
            Assert.Equal(_net.Second.Id, again.GetInfo().ProgramId);
        }

        Assert.Equal("second", _net.ProgramMetByArrival());
        Assert.True(BpfLink.Unpin(_net.Pins["link"]));
        Assert.Null(BpfLink.TryOpenPinned(_net.Pins["link"]));
        Eventually.Passes(() => Assert.True(_net.ArrivalIsNotSeen()));
    }

    [KernelFact]
    public void A_detached_link_knows_it_and_cannot_be_updated()
    {
        SkipWithoutTcx();
        using BpfLink link = Attach();
        link.Pin(_net.Pins["link"]);

        link.Detach();
        link.Detach();

        Assert.True(_net.ArrivalIsNotSeen());
        Assert.False(link.GetInfo().IsAttached);
        Assert.Equal(Errno.ENOLINK, Assert.Throws<BpfException>(() => link.Update(_net.Second)).Errno);
    }

    [KernelFact]
    public void A_link_of_a_device_that_went_is_detached()
    {
        SkipWithoutTcx();
        using BpfLink link = Attach();

        Tool.Run("ip", "-n", _net.Namespace, "link", "del", "left");

        Assert.False(link.GetInfo().IsAttached);
        link.Detach();
    }

    [KernelFact]
    public void No_packet_passes_unseen_while_programs_are_replaced()
    {
        SkipWithoutTcx();
        using BpfLink link = Attach();
        HashSet<string> met = [];

        for (int round = 0; round < 50; round++)
        {
            link.Update(round % 2 == 0 ? _net.Second : _net.First);
            met.Add(_net.ProgramMetByArrival());
        }

        Assert.Equal(["first", "second"], met.Order());
    }

    private static void SkipWithoutTcx() => Assert.SkipUnless(KernelFeatures.HasTcx(), "this kernel has no TCX (it needs 6.6)");

    private BpfLink Attach() => _net.Run(() => BpfLink.AttachTcx(_net.First, _net.Left, TcDirection.Ingress));
}
