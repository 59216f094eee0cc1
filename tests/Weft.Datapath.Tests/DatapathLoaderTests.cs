using Weft.Abi;
using Weft.Bpf.Maps;
using Weft.Datapath.Loading;
using Weft.Datapath.Maps;
using Weft.Datapath.Tests.Harness;
using Weft.Tests.Shared;

namespace Weft.Datapath.Tests;

public sealed class DatapathLoaderTests
{
    private static readonly WeftAddress s_address = WeftAddress.Parse("10.0.1.180");

    [KernelFact]
    public void Every_shared_map_is_pinned()
    {
        using BpfDirectory bpf = new();
        using LoadedDatapath datapath = bpf.Load();

        Assert.Equal(DatapathMapNames.Pinned.Order(), Directory.EnumerateFiles(bpf.Root.Maps).Select(Path.GetFileName).Order());
    }

    [KernelFact]
    public void A_second_load_adopts_the_maps_with_what_is_in_them()
    {
        using BpfDirectory bpf = new();
        using (LoadedDatapath first = bpf.Load())
        {
            first.Maps.Nodes.Update(s_address, new NodeValue { Identity = 6 });
        }

        using LoadedDatapath second = bpf.Load();

        Assert.Equal(6u, second.Maps.Nodes[s_address].Identity);
        Assert.Empty(bpf.Recreated);
    }

    [KernelFact]
    public void A_map_of_another_schema_gives_way_to_an_empty_one_and_is_told()
    {
        using BpfDirectory bpf = new();
        Directory.CreateDirectory(bpf.Root.Maps);
        using (BpfMap old = BpfMap.Create(new BpfMapDefinition
        {
            Name = "old",
            Type = BpfMapType.Hash,
            KeySize = 4,
            ValueSize = 12,
            MaxEntries = 16,
        }))
        {
            old.Pin(bpf.Root.Map(DatapathMapNames.Nodes));
        }

        using LoadedDatapath datapath = bpf.Load();

        Assert.StartsWith($"{DatapathMapNames.Nodes}: key size is 4, wanted 16", Assert.Single(bpf.Recreated), StringComparison.Ordinal);
        datapath.Maps.Nodes.Update(s_address, new NodeValue { Identity = 6 });
    }

    [KernelFact]
    public void A_pin_that_is_no_map_is_refused_and_left_alone()
    {
        using BpfDirectory bpf = new();
        using (LoadedDatapath first = bpf.Load())
        {
            BpfMap.Unpin(bpf.Root.Map(DatapathMapNames.Nodes));
            first.FromPod.Pin(bpf.Root.Map(DatapathMapNames.Nodes));
        }

        DatapathException error = Assert.Throws<DatapathException>(() => bpf.Load());

        Assert.Contains(bpf.Root.Map(DatapathMapNames.Nodes), error.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(bpf.Root.Map(DatapathMapNames.Nodes)));
    }

    [KernelFact]
    public void Taking_a_first_load_back_leaves_no_pin()
    {
        using BpfDirectory bpf = new();
        using LoadedDatapath datapath = bpf.Load(out DatapathLoader loader);

        loader.RemoveNewPins();

        Assert.Empty(Directory.EnumerateFileSystemEntries(bpf.Root.Path));
    }
}
