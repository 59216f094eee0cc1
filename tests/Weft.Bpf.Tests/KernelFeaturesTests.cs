using Weft.Bpf.Links;
using Weft.Bpf.Maps;
using Weft.Linux;
using Weft.Tests.Shared;

namespace Weft.Bpf.Tests;

public sealed class KernelFeaturesTests
{
    [KernelFact]
    public void What_the_datapath_needs_is_there()
    {
        Assert.All(
            [BpfMapType.Hash, BpfMapType.LruHash, BpfMapType.LpmTrie, BpfMapType.PerCpuArray, BpfMapType.RingBuffer, BpfMapType.HashOfMaps, BpfMapType.Queue],
            type => Assert.True(KernelFeatures.HasMapType(type), $"{type}"));
        Assert.True(KernelFeatures.HasProgramType(BpfProgramType.SchedCls));
        Assert.True(KernelFeatures.HasBatchOperations(BpfMapType.Hash));
        Assert.True(KernelFeatures.HasCgroupHook(BpfProgramType.CgroupSockAddr, CgroupHook.GetPeerName6));
        Assert.True(KernelFeatures.HasCgroupHook(BpfProgramType.CgroupSock, CgroupHook.PostBind6));
    }

    /// <summary>The hook at connect(2) has the helper since 6.1 (kernel commit "bpf: Use cgroup_{common,current}_func_proto in more hooks").</summary>
    [KernelFact]
    public void A_refused_connection_can_say_why_since_6_1() =>
        Assert.Equal(KernelVersion.Current >= new KernelVersion(6, 1), KernelFeatures.HasSetRetvalAtConnect());

    [KernelFact]
    public void A_refused_connect_says_why_from_kernel_6_1() =>
        Assert.Equal(KernelVersion.Current >= new KernelVersion(6, 1), KernelFeatures.HasSetRetvalAtConnect());

    [KernelFact]
    public void What_no_kernel_has_is_not_there()
    {
        Assert.False(KernelFeatures.HasMapType((BpfMapType)4000));
        Assert.False(KernelFeatures.HasProgramType((BpfProgramType)4000));
        Assert.False(KernelFeatures.HasBatchOperations(BpfMapType.Queue));
        Assert.False(KernelFeatures.HasCgroupHook(BpfProgramType.CgroupSockAddr, CgroupHook.PostBind4));
    }
}
