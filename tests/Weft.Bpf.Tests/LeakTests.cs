using Weft.Bpf.Links;
using Weft.Bpf.Maps;
using Weft.Bpf.RingBuffers;
using Weft.Bpf.Tests.Links;
using Weft.Tests.Shared;

namespace Weft.Bpf.Tests;

/// <summary>Every descriptor that the library opens is closed again, on failure too.</summary>
[Collection(nameof(LeakTests))]
[CollectionDefinition(nameof(LeakTests), DisableParallelization = true)]
public sealed class LeakTests
{
    [KernelFact]
    public void Loading_and_failing_to_load_leak_nothing() => Leaks.NoDescriptors(() =>
    {
        TestObject.Load("maps").Dispose();
        TestObject.Open("ring").Dispose();
        Assert.Throws<VerifierException>(() => TestObject.Load("bad"));
    });

    [KernelFact]
    public void Maps_rings_and_memory_leak_nothing() => Leaks.NoDescriptors(() =>
    {
        using BpfDirectory pins = new();
        using BpfObject ring = TestObject.Load("ring");
        using RingBufferReader reader = new(ring.Map("ring"));
        using BpfMap<uint, uint> map = BpfMap.Create<uint, uint>("test", BpfMapType.Array, 1, BpfMapFlags.Mappable);
        using MappedArray<uint> memory = map.MapMemory();
        map.Untyped.Pin(pins["map"]);
        BpfMap.OpenPinned(pins["map"]).Dispose();
        Assert.Throws<ArgumentException>(() => BpfMap.OpenPinned<ulong, uint>(pins["map"]));
        Assert.Throws<ArgumentException>(() => new RingBufferReader(map.Untyped));
    });

    [KernelFact]
    public void Links_and_probes_leak_nothing()
    {
        using LinkFixture net = new();
        TcAttacher attacher = TcAttacher.ForThisKernel();
        Leaks.NoDescriptors(() => net.Run(() =>
        {
            attacher.Attach(net.First, net.Left, TcDirection.Ingress, net.Pins["left_ingress"]);
            attacher.Attach(net.Second, net.Left, TcDirection.Ingress, net.Pins["left_ingress"]);
            attacher.Query(net.Left, TcDirection.Ingress, net.Pins["left_ingress"]);
            attacher.Detach(net.Left, TcDirection.Ingress, net.Pins["left_ingress"]);
            ClsactFilter.Attach(net.First, net.Left, TcDirection.Egress);
            ClsactFilter.Detach(net.Left, TcDirection.Egress);
            KernelFeatures.HasTcx();
            KernelFeatures.HasBatchOperations(BpfMapType.Hash);
        }));
    }
}
