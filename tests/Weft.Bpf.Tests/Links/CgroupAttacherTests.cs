using System.Net;
using System.Net.Sockets;
using Weft.Bpf.Links;
using Weft.Bpf.Maps;
using Weft.Linux;
using Weft.Tests.Shared;

namespace Weft.Bpf.Tests.Links;

public sealed class CgroupAttacherTests : IDisposable
{
    private const CgroupHook Hook = CgroupHook.Connect4;

    private readonly BpfObject _programs = TestObject.Load("cgroup");
    private readonly TestNamespace _namespace = TestNamespace.Create("cgroup");
    private readonly TestCgroup _cgroup = TestCgroup.Create();
    private readonly BpfDirectory _pins = new();

    private BpfProgram First => _programs.Program("first");

    private BpfProgram Second => _programs.Program("second");

    private string Pin => _pins["cgroup_connect4"];

    public void Dispose()
    {
        _pins.Dispose();
        _cgroup.Dispose();
        _namespace.Dispose();
        _programs.Dispose();
    }

    [KernelFact]
    public void An_attached_program_meets_sockets_until_it_is_replaced_and_detached()
    {
        Assert.Null(ProgramMetByConnect());

        Assert.True(CgroupAttacher.Attach(First, _cgroup.Path, Hook, Pin));
        Assert.Equal("first", ProgramMetByConnect());
        Assert.Equal(First.Id, CgroupAttacher.Query(_cgroup.Path, Hook, Pin));
        Assert.False(CgroupAttacher.Attach(First, _cgroup.Path, Hook, Pin));

        Assert.False(CgroupAttacher.Attach(Second, _cgroup.Path, Hook, Pin));
        Assert.Equal("second", ProgramMetByConnect());

        Assert.True(CgroupAttacher.Detach(Pin));
        Assert.Null(ProgramMetByConnect());
        Assert.False(CgroupAttacher.Detach(Pin));
        Assert.Null(CgroupAttacher.Query(_cgroup.Path, Hook, Pin));
        Assert.Empty(_pins.Names);
    }

    [KernelFact]
    public void The_same_pin_for_another_cgroup_ends_the_first_attachment()
    {
        using TestCgroup other = TestCgroup.Create();
        CgroupAttacher.Attach(First, other.Path, Hook, Pin);

        Assert.True(CgroupAttacher.Attach(Second, _cgroup.Path, Hook, Pin));

        Assert.Null(CgroupAttacher.Query(other.Path, Hook, Pin));
        Assert.Equal("second", ProgramMetByConnect());
        Eventually.Passes(() => Assert.Null(ProgramMetByConnect(other)));
    }

    [KernelFact]
    public void A_cgroup_that_went_leaves_nothing_in_the_way_of_the_next_of_its_name()
    {
        CgroupAttacher.Attach(First, _cgroup.Path, Hook, Pin);
        _cgroup.Dispose();
        Assert.Null(CgroupAttacher.Query(_cgroup.Path, Hook, Pin));

        Directory.CreateDirectory(_cgroup.Path);

        Assert.True(CgroupAttacher.Attach(Second, _cgroup.Path, Hook, Pin));
        Assert.Equal(Second.Id, CgroupAttacher.Query(_cgroup.Path, Hook, Pin));
    }

    [KernelFact]
    public void A_link_tells_its_cgroup_and_hook()
    {
        CgroupAttacher.Attach(First, _cgroup.Path, Hook, Pin);

        using BpfLink link = BpfLink.OpenPinned(Pin);
        BpfLinkInfo info = link.GetInfo();

        Assert.Equal((First.Id, FileIdentity.Of(_cgroup.Path)!.Value.Inode, Hook), (info.ProgramId, info.CgroupId, info.Hook!.Value));
        Assert.True(info.IsAttached);
        link.Detach();
        Assert.False(link.GetInfo().IsAttached);
    }

    [KernelFact]
    public void What_is_no_cgroup_is_named()
    {
        BpfException failure = Assert.Throws<BpfException>(() => CgroupAttacher.Attach(First, "/tmp", Hook, Pin));

        Assert.StartsWith("attach first to a cgroup at Connect4: ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("(it is no directory of a cgroup2 file system)", failure.Message, StringComparison.Ordinal);
        Assert.Empty(_pins.Names);
    }

    [KernelFact]
    public void Attaching_leaks_no_descriptor() => Leaks.NoDescriptors(() =>
    {
        CgroupAttacher.Attach(First, _cgroup.Path, Hook, Pin);
        CgroupAttacher.Attach(Second, _cgroup.Path, Hook, Pin);
        CgroupAttacher.Query(_cgroup.Path, Hook, Pin);
        CgroupAttacher.Detach(Pin);
        Assert.Throws<BpfException>(() => CgroupAttacher.Attach(First, "/tmp", Hook, Pin));
        KernelFeatures.HasSetRetvalAtConnect();
    });

    private string? ProgramMetByConnect(TestCgroup? cgroup = null)
    {
        BpfMap<uint, ulong> calls = _programs.Map("calls").As<uint, ulong>();
        (ulong First, ulong Second) before = (calls[0], calls[1]);
        using Socket socket4 = (cgroup ?? _cgroup).Run(
            _namespace, static () => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        // No route in an empty namespace: the program runs before that is found out.
        Assert.Throws<SocketException>(() => socket4.Connect(IPAddress.Parse("192.0.2.1"), 9));
        return calls[0] > before.First ? "first" : calls[1] > before.Second ? "second" : null;
    }
}
