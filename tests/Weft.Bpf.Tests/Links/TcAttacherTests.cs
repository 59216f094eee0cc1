using Weft.Bpf.Links;
using Weft.Linux;
using Weft.Tests.Shared;

namespace Weft.Bpf.Tests.Links;

/// <summary>One behaviour, whichever way the programs are attached.</summary>
public sealed class TcAttacherTests : IDisposable
{
    private readonly LinkFixture _net = new();

    public static TheoryData<TcAttachMode> Modes => KernelFeatures.HasTcx() ? [TcAttachMode.Tcx, TcAttachMode.Clsact] : [TcAttachMode.Clsact];

    public void Dispose() => _net.Dispose();

    [KernelTheory]
    [MemberData(nameof(Modes))]
    public void An_attached_program_sees_packets_until_it_is_replaced_and_detached(TcAttachMode mode)
    {
        TcAttacher attacher = new(mode);
        string pin = _net.Pins["left_ingress"];

        Assert.Equal(TcAttachResult.Attached, _net.Run(() => attacher.Attach(_net.First, _net.Left, TcDirection.Ingress, pin)));
        Assert.Equal("first", _net.ProgramMetByArrival());
        Assert.Equal(_net.First.Id, _net.Run(() => attacher.Query(_net.Left, TcDirection.Ingress, pin)));

        Assert.Equal(TcAttachResult.Replaced, _net.Run(() => attacher.Attach(_net.Second, _net.Left, TcDirection.Ingress, pin)));
        Assert.Equal("second", _net.ProgramMetByArrival());

        Assert.True(_net.Run(() => attacher.Detach(_net.Left, TcDirection.Ingress, pin)));
        Assert.True(_net.ArrivalIsNotSeen());
        Assert.False(_net.Run(() => attacher.Detach(_net.Left, TcDirection.Ingress, pin)));
        Assert.Null(_net.Run(() => attacher.Query(_net.Left, TcDirection.Ingress, pin)));
        Assert.Empty(_net.Pins.Names);
    }

    [KernelTheory]
    [MemberData(nameof(Modes))]
    public void Directions_are_separate(TcAttachMode mode)
    {
        TcAttacher attacher = new(mode);
        _net.Run(() =>
        {
            attacher.Attach(_net.First, _net.Left, TcDirection.Ingress, _net.Pins["left_ingress"]);
            attacher.Attach(_net.Second, _net.Left, TcDirection.Egress, _net.Pins["left_egress"]);
        });

        Assert.Equal("first", _net.ProgramMetByArrival());
        Assert.Equal("second", _net.ProgramMetByDeparture());
    }

    [KernelTheory]
    [MemberData(nameof(Modes))]
    public void A_missing_device_is_named(TcAttachMode mode)
    {
        TcAttacher attacher = new(mode);

        BpfException failure = Assert.Throws<BpfException>(
            () => _net.Run(() => attacher.Attach(_net.First, new IfIndex(4711), TcDirection.Egress, _net.Pins["gone_egress"])));

        Assert.StartsWith("attach first to ifindex 4711 egress by ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("(no such device in this network namespace)", failure.Message, StringComparison.Ordinal);
        Assert.Empty(_net.Pins.Names);
    }

    [KernelTheory]
    [MemberData(nameof(Modes))]
    public void A_device_that_went_leaves_nothing_in_the_way_of_the_next_with_its_index(TcAttachMode mode)
    {
        TcAttacher attacher = new(mode);
        string pin = _net.Pins["left_ingress"];
        _net.Run(() => attacher.Attach(_net.First, _net.Left, TcDirection.Ingress, pin));
        Tool.Run("ip", "-n", _net.Namespace, "link", "del", "left");
        Tool.Run("ip", "-n", _net.Namespace, "link", "add", "left", "index", _net.Left.ToString(), "type", "veth", "peer", "name", "right");

        Assert.Null(_net.Run(() => attacher.Query(_net.Left, TcDirection.Ingress, pin)));
        Assert.Equal(TcAttachResult.Attached, _net.Run(() => attacher.Attach(_net.Second, _net.Left, TcDirection.Ingress, pin)));
        Assert.Equal(_net.Second.Id, _net.Run(() => attacher.Query(_net.Left, TcDirection.Ingress, pin)));
    }

    [KernelTheory]
    [MemberData(nameof(Modes))]
    public void What_is_attached_fast_is_a_filter_until_it_is_settled(TcAttachMode mode)
    {
        TcAttacher attacher = new(mode);
        string pin = _net.Pins["left_ingress"];

        Assert.Equal(TcAttachResult.Attached, _net.Run(() => attacher.AttachFast(_net.First, _net.Left, TcDirection.Ingress, pin)));
        Assert.Equal(_net.First.Id, _net.Run(() => ClsactFilter.Query(_net.Left, TcDirection.Ingress)));
        Assert.Equal(TcAttachResult.Replaced, _net.Run(() => attacher.AttachFast(_net.Second, _net.Left, TcDirection.Ingress, pin)));
        Assert.Equal(_net.Second.Id, _net.Run(() => attacher.Query(_net.Left, TcDirection.Ingress, pin)));
        Assert.Equal("second", _net.ProgramMetByArrival());

        bool hasLinks = mode == TcAttachMode.Tcx;
        Assert.Equal(hasLinks, _net.Run(() => attacher.Settle(_net.Second, _net.Left, TcDirection.Ingress, pin)));
        Assert.Equal(hasLinks, _net.Run(() => ClsactFilter.Query(_net.Left, TcDirection.Ingress)) is null);
        Assert.Equal(_net.Second.Id, _net.Run(() => attacher.Query(_net.Left, TcDirection.Ingress, pin)));
        Assert.Equal("second", _net.ProgramMetByArrival());
        Assert.False(_net.Run(() => attacher.Settle(_net.Second, _net.Left, TcDirection.Ingress, pin)));

        Assert.Equal(TcAttachResult.Replaced, _net.Run(() => attacher.AttachFast(_net.First, _net.Left, TcDirection.Ingress, pin)));
        Assert.Equal("first", _net.ProgramMetByArrival());
        Assert.True(_net.Run(() => attacher.Detach(_net.Left, TcDirection.Ingress, pin)));
        Assert.True(_net.ArrivalIsNotSeen());
    }

    /// <summary>The programs of the tests answer TC_ACT_OK.</summary>
    [KernelFact]
    public void A_packet_meets_the_link_alone_while_a_device_has_both()
    {
        Assert.SkipUnless(KernelFeatures.HasTcx(), "this kernel has no TCX");
        TcAttacher attacher = new(TcAttachMode.Tcx);
        string pin = _net.Pins["left_ingress"];
        _net.Run(() => attacher.AttachFast(_net.First, _net.Left, TcDirection.Ingress, pin));

        _net.Run(() => attacher.Attach(_net.Second, _net.Left, TcDirection.Ingress, pin));

        Assert.Equal("second", _net.ProgramMetByArrival());
        Assert.Equal(_net.First.Id, _net.Run(() => ClsactFilter.Query(_net.Left, TcDirection.Ingress)));
        Assert.Equal(_net.Second.Id, _net.Run(() => attacher.Query(_net.Left, TcDirection.Ingress, pin)));
        Assert.True(_net.Run(() => attacher.Settle(_net.Second, _net.Left, TcDirection.Ingress, pin)));
        Assert.Null(_net.Run(() => ClsactFilter.Query(_net.Left, TcDirection.Ingress)));
    }

    [KernelFact]
    public void The_probe_agrees_with_what_attaching_does()
    {
        TcAttacher attacher = TcAttacher.ForThisKernel();

        bool attaches = Record.Exception(() => _net.Run(() => BpfLink.AttachTcx(_net.First, _net.Left, TcDirection.Ingress)).Dispose()) is null;

        Assert.Equal(attaches ? TcAttachMode.Tcx : TcAttachMode.Clsact, attacher.Mode);
    }

    [KernelFact]
    public void A_clsact_filter_is_what_tc_shows()
    {
        _net.Run(() => ClsactFilter.Attach(_net.First, _net.Left, TcDirection.Ingress));

        string shown = Tool.Run("tc", "-n", _net.Namespace, "filter", "show", "dev", "left", "ingress");

        Assert.Contains("direct-action", shown, StringComparison.Ordinal);
        Assert.Contains("first", shown, StringComparison.Ordinal);
        Assert.Contains("pref 1", shown, StringComparison.Ordinal);
    }
}
