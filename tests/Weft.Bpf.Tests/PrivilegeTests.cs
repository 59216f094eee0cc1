using Weft.Bpf.Maps;
using Weft.Linux;
using Weft.Tests.Shared;

namespace Weft.Bpf.Tests;

public sealed class PrivilegeTests
{
    private const string Advice = "(needs root, or CAP_BPF and CAP_NET_ADMIN; lacking here: CAP_BPF and CAP_NET_ADMIN)";

    /// <summary>libbpf remembers for the whole process which features it found, so it must look for them with privileges first.</summary>
    public PrivilegeTests()
    {
        if (ProcessPrivileges.IsRoot)
        {
            TestObject.Load("maps").Dispose();
        }
    }

    [KernelFact]
    public void Loading_without_privileges_says_which()
    {
        BpfException failure = Assert.ThrowsAny<BpfException>(() => Unprivileged.Run(() => TestObject.Load("tc").Dispose()));

        Assert.Equal($"load tc.o: Operation not permitted (errno 1) {Advice}", failure.Message);
    }

    [KernelFact]
    public void Creating_a_map_without_privileges_says_which()
    {
        BpfException failure = Assert.Throws<BpfException>(
            () => Unprivileged.Run(() => BpfMap.Create<uint, uint>("test", BpfMapType.LruHash, 4).Dispose()));

        Assert.Equal($"create map test (LruHash, key 4 B, value 4 B, 4 entries): Operation not permitted (errno 1) {Advice}", failure.Message);
    }

    [KernelFact]
    public void A_probe_without_privileges_is_no_answer() =>
        Assert.Equal(Errno.EPERM, Assert.Throws<BpfException>(() => Unprivileged.Run(() => KernelFeatures.HasTcx())).Errno);

    [Fact]
    public void A_kernel_without_bpf_is_named() =>
        Assert.EndsWith("(this kernel has no bpf() system call: it needs CONFIG_BPF_SYSCALL=y)", new BpfException("load pod.o", Errno.ENOSYS).Message, StringComparison.Ordinal);
}
