using Datapath.Harness;
using Weft.Abi;
using Weft.Packets;
using Weft.Tests.Shared;

namespace Datapath;

public sealed class ConntrackTcpTests(DatapathFixture datapath) : DatapathTest(datapath)
{
    private const ushort Client = 40000;
    private const ushort Server = 80;

    private static readonly ConntrackKey s_outgoing = Flow.Tcp(Pod.Web, Pod.Db, Client, Server);
    private static readonly ConntrackKey s_incoming = Flow.Tcp(Pod.Web, Pod.Db, Server, Client);

    [KernelFact]
    public void The_first_syn_makes_an_entry_that_soon_expires()
    {
        Assert.Equal(ConntrackState.New, Send(TcpFlags.Syn));
        ConntrackValue entry = Datapath.ConntrackTcp[s_outgoing];
        Assert.Equal(ConntrackFlags.LocalBegan, entry.Flags);
        Assert.Equal(Pod.Web.Identity, entry.SrcIdentity);
        Assert.Equal((1UL, 54UL, 0UL, 0UL), (entry.TxPackets, entry.TxBytes, entry.RxPackets, entry.RxBytes));
        Assert.Equal((0x02, 0), (entry.TxFlagsSeen, entry.RxFlagsSeen));
        Assert.Equal(0, entry.SeenNonSyn);
        ExpectExpiry(ConntrackTimeout.Syn, s_outgoing);
    }

    [KernelFact]
    public void The_answer_has_the_same_entry_and_is_a_reply()
    {
        Send(TcpFlags.Syn);
        Assert.Equal(ConntrackState.Reply, Receive(TcpFlags.Syn | TcpFlags.Ack));
        ConntrackValue entry = Datapath.ConntrackTcp[s_outgoing];
        Assert.Equal((1UL, 54UL, 1UL, 54UL), (entry.TxPackets, entry.TxBytes, entry.RxPackets, entry.RxBytes));
        Assert.Equal(0x12, entry.RxFlagsSeen);
        Assert.Single(Datapath.ConntrackTcp.Keys());
        ExpectExpiry(ConntrackTimeout.Syn, s_outgoing);
    }

    [KernelFact]
    public void The_handshakes_last_packet_makes_the_entry_last()
    {
        Send(TcpFlags.Syn);
        Receive(TcpFlags.Syn | TcpFlags.Ack);
        Assert.Equal(ConntrackState.Established, Send(TcpFlags.Ack));
        Assert.Equal(1, Datapath.ConntrackTcp[s_outgoing].SeenNonSyn);
        ExpectExpiry(ConntrackTimeout.Tcp, s_outgoing);
    }

    [KernelFact]
    public void What_another_pod_began_is_established_towards_us_and_reply_from_us()
    {
        Assert.Equal(ConntrackState.New, Receive(TcpFlags.Syn, fromClient: true));
        Assert.Equal(ConntrackState.Reply, Send(TcpFlags.Syn | TcpFlags.Ack, fromClient: false));
        Assert.Equal(ConntrackState.Established, Receive(TcpFlags.Ack, fromClient: true));
        ConntrackValue entry = Datapath.ConntrackTcp[s_incoming];
        Assert.Equal(ConntrackFlags.None, entry.Flags);
        Assert.Equal(Pod.Db.Identity, entry.SrcIdentity);
    }

    [KernelFact]
    public void A_flow_first_seen_in_the_middle_lasts_at_once()
    {
        Assert.Equal(ConntrackState.New, Send(TcpFlags.Ack));
        ExpectExpiry(ConntrackTimeout.Tcp, s_outgoing);
    }

    [KernelFact]
    public void A_fin_of_one_side_leaves_the_other_open()
    {
        Establish();
        Send(TcpFlags.Fin | TcpFlags.Ack);
        ConntrackValue entry = Datapath.ConntrackTcp[s_outgoing];
        Assert.Equal((1, 0), (entry.TxClosing, entry.RxClosing));
        ExpectExpiry(ConntrackTimeout.Tcp, s_outgoing);
    }

    [KernelFact]
    public void A_fin_of_both_sides_ends_the_flow_soon()
    {
        Establish();
        Send(TcpFlags.Fin | TcpFlags.Ack);
        Receive(TcpFlags.Fin | TcpFlags.Ack);
        ExpectExpiry(ConntrackTimeout.Close, s_outgoing);
    }

    [KernelFact]
    public void The_last_ack_does_not_prolong_a_closed_flow()
    {
        Establish();
        Send(TcpFlags.Fin | TcpFlags.Ack);
        Receive(TcpFlags.Fin | TcpFlags.Ack);
        uint closed = Datapath.ConntrackTcp[s_outgoing].Expires;
        Change(entry => entry with { Expires = entry.Expires - 3 });
        Assert.Equal(ConntrackState.Established, Send(TcpFlags.Ack));
        Assert.Equal(closed - 3, Datapath.ConntrackTcp[s_outgoing].Expires);
    }

    [KernelFact]
    public void A_refused_connection_is_over_at_once()
    {
        Send(TcpFlags.Syn);
        Assert.Equal(ConntrackState.Reply, Receive(TcpFlags.Rst | TcpFlags.Ack));
        ConntrackValue entry = Datapath.ConntrackTcp[s_outgoing];
        Assert.Equal((1, 1), (entry.TxClosing, entry.RxClosing));
        ExpectExpiry(ConntrackTimeout.Close, s_outgoing);
    }

    [KernelFact]
    public void A_reset_of_an_established_flow_closes_its_side()
    {
        Establish();
        Receive(TcpFlags.Rst);
        ConntrackValue entry = Datapath.ConntrackTcp[s_outgoing];
        Assert.Equal((0, 1), (entry.TxClosing, entry.RxClosing));
    }

    [KernelFact]
    public void A_syn_on_a_closing_flow_begins_it_again()
    {
        Establish();
        Send(TcpFlags.Fin | TcpFlags.Ack);
        Assert.Equal(ConntrackState.Reopened, Send(TcpFlags.Syn));
        ConntrackValue entry = Datapath.ConntrackTcp[s_outgoing];
        Assert.Equal((1UL, 0UL), (entry.TxPackets, entry.RxPackets));
        Assert.Equal((0, 0, 0), (entry.TxClosing, entry.RxClosing, entry.SeenNonSyn));
        ExpectExpiry(ConntrackTimeout.Syn, s_outgoing);
    }

    [KernelFact]
    public void A_flow_can_begin_again_from_the_other_side()
    {
        Establish();
        Send(TcpFlags.Rst);
        Assert.Equal(ConntrackState.Reopened, Receive(TcpFlags.Syn));
        ConntrackValue entry = Datapath.ConntrackTcp[s_outgoing];
        Assert.Equal(ConntrackFlags.None, entry.Flags);
        Assert.Equal(Pod.Db.Identity, entry.SrcIdentity);
    }

    [KernelFact]
    public void A_repeated_syn_on_an_open_flow_changes_nothing()
    {
        Establish();
        Assert.Equal(ConntrackState.Established, Send(TcpFlags.Syn));
        ExpectExpiry(ConntrackTimeout.Tcp, s_outgoing);
    }

    [KernelFact]
    public void An_entry_past_its_time_is_as_good_as_none()
    {
        Establish();
        Change(static entry => entry with { Expires = DatapathFixture.Now - 1 });
        Assert.Equal(ConntrackState.New, Send(TcpFlags.Ack));
        Assert.Equal(1UL, Datapath.ConntrackTcp[s_outgoing].TxPackets);
    }

    [KernelFact]
    public void Traffic_keeps_a_flow_alive()
    {
        Establish();
        Change(static entry => entry with { Expires = DatapathFixture.Now + 5 });
        Receive(TcpFlags.Ack);
        ExpectExpiry(ConntrackTimeout.Tcp, s_outgoing);
    }

    [KernelFact]
    public void The_two_pods_of_a_node_have_entries_of_their_own()
    {
        Establish();
        byte[] packet = Frame.Tcp(Pod.Db, Pod.Cache, TcpFlags.Syn | TcpFlags.Ack, Server, Client);
        Assert.Equal(ConntrackState.New, Datapath.FromOverlay(packet).Trace(TracePoint.ToEndpoint).Reason);
    }

    private void Establish()
    {
        Send(TcpFlags.Syn);
        Receive(TcpFlags.Syn | TcpFlags.Ack);
        Send(TcpFlags.Ack);
    }

    private ConntrackState Send(TcpFlags flags, bool fromClient = true)
    {
        (ushort source, ushort destination) = fromClient ? (Client, Server) : (Server, Client);
        return Datapath.FromPod(Frame.Tcp(Pod.Web, Pod.Db, flags, source, destination))
            .ExpectForwarded(MetricDirection.Egress).Trace(TracePoint.ToOverlay).Reason;
    }

    private ConntrackState Receive(TcpFlags flags, bool fromClient = false)
    {
        (ushort source, ushort destination) = fromClient ? (Client, Server) : (Server, Client);
        return Datapath.FromOverlay(Frame.Tcp(Pod.Db, Pod.Web, flags, source, destination))
            .ExpectForwarded(MetricDirection.Ingress).Trace(TracePoint.ToEndpoint).Reason;
    }

    private void Change(Func<ConntrackValue, ConntrackValue> change) =>
        Datapath.ConntrackTcp.Update(s_outgoing, change(Datapath.ConntrackTcp[s_outgoing]));

    private void ExpectExpiry(ConntrackTimeout timeout, ConntrackKey key)
    {
        uint rest = Datapath.ConntrackTcp[key].Expires - DatapathFixture.Now;
        Assert.InRange(rest, (uint)timeout - DatapathFixture.Slack, (uint)timeout);
    }
}
