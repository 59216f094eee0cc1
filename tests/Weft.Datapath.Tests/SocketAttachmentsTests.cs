using Weft.Datapath.Attaching;
using Weft.Datapath.Loading;
using Weft.Datapath.Tests.Harness;
using Weft.Linux;
using Weft.Bpf.Links;
using Weft.Tests.Shared;

namespace Weft.Datapath.Tests;

public sealed class SocketAttachmentsTests : IDisposable
{
    private readonly TestCgroup _cgroup = TestCgroup.Create();
    private readonly BpfDirectory _bpf = new();
    private readonly LoadedDatapath _datapath;

    public SocketAttachmentsTests() => _datapath = _bpf.Load();

    public void Dispose()
    {
        _datapath.Dispose();
        _bpf.Dispose();
        _cgroup.Dispose();
    }

    [KernelFact]
    public void All_programs_are_attached_and_the_next_agent_replaces_them()
    {
        SocketAttachments first = new(_datapath, _bpf.Root, _cgroup.Path);
        Assert.False(first.IsAttached());
        first.Attach();
        Assert.True(first.IsAttached());
        Assert.Equal(10, Pins().Length);

        using LoadedDatapath next = _bpf.Load();
        SocketAttachments second = new(next, _bpf.Root, _cgroup.Path);
        second.Attach();

        Assert.True(second.IsAttached());
        Assert.False(first.IsAttached());
        Assert.Equal(10, Pins().Length);
    }

    [KernelFact]
    public void Switched_off_it_takes_away_what_an_agent_before_attached()
    {
        new SocketAttachments(_datapath, _bpf.Root, _cgroup.Path).Attach();
        SocketAttachments off = new(_datapath, _bpf.Root, cgroup: null);

        off.Attach();

        Assert.False(off.IsAttached());
        Assert.Empty(Pins());
    }

    [KernelFact]
    public void A_start_that_goes_no_further_takes_back_only_what_it_made()
    {
        new SocketAttachments(_datapath, _bpf.Root, _cgroup.Path).Attach();
        BpfLink.Unpin(Pins()[0]);
        SocketAttachments restarted = new(_datapath, _bpf.Root, _cgroup.Path);

        restarted.Attach();
        Assert.Equal(10, Pins().Length);
        restarted.DetachNew();

        Assert.Equal(9, Pins().Length);
    }

    [KernelFact]
    public void They_are_no_stale_links_of_devices()
    {
        SocketAttachments sockets = new(_datapath, _bpf.Root, _cgroup.Path);
        sockets.Attach();

        Assert.Empty(new NodeAttachments(_datapath, _bpf.Root, TcAttacher.ForThisKernel()).RemoveStale(new HashSet<string>()));
        Assert.True(sockets.IsAttached());
    }

    [KernelFact]
    public void A_directory_that_is_no_cgroup_is_named()
    {
        SocketAttachments sockets = new(_datapath, _bpf.Root, "/tmp");

        DatapathException error = Assert.Throws<DatapathException>(sockets.Attach);

        Assert.StartsWith("translate services for the sockets of cgroup /tmp: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("--cgroup-root", error.Message, StringComparison.Ordinal);
        Assert.IsAssignableFrom<LinuxException>(error.InnerException);
        Assert.Empty(Pins());
    }

    private string[] Pins() => Directory.GetFiles(_bpf.Root.Links);
}
