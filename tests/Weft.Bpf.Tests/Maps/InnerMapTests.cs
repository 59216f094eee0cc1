using Weft.Bpf.Maps;
using Weft.Tests.Shared;

namespace Weft.Bpf.Tests.Maps;

public sealed class InnerMapTests : IDisposable
{
    private static readonly BpfMapSchema s_table = new(BpfMapType.Array, 4, 4, 16, BpfMapFlags.None);
    private readonly BpfDirectory _pins = new();

    public void Dispose() => _pins.Dispose();

    [KernelFact]
    public void A_spec_knows_what_the_inner_maps_are()
    {
        using BpfObjectSpec spec = TestObject.Open("nested");

        Assert.Equal(s_table, spec.Maps["tables"].InnerSchema);
        using BpfObjectSpec flat = TestObject.Open("maps");
        Assert.Null(flat.Maps["pinned_hash"].InnerSchema);
    }

    [KernelFact]
    public void A_program_reads_the_table_that_was_set_last()
    {
        using BpfObject nested = Load();
        using BpfMap<uint, uint> first = Table(s_table, 5);
        using BpfMap<uint, uint> second = Table(s_table, 6);
        BpfMap tables = nested.Map("tables");

        Assert.Equal(2, Read(nested, 7));
        tables.SetInnerMap(7u, first.Untyped);
        Assert.Equal(5, Read(nested, 7));
        tables.SetInnerMap(7u, second.Untyped);
        Assert.Equal(6, Read(nested, 7));
        using BpfMap? opened = tables.TryOpenInner(7u);
        Assert.Equal(second.Untyped.Id, opened!.Id);
        Assert.Null(tables.TryOpenInner(8u));
    }

    [KernelFact]
    public void A_pinned_map_of_maps_is_used_again_with_what_is_in_it()
    {
        using (BpfObject nested = Load())
        {
            using BpfMap<uint, uint> table = Table(s_table, 9);
            nested.Map("tables").SetInnerMap(1u, table.Untyped);
        }

        using BpfObject again = Load();

        Assert.Equal(9, Read(again, 1));
    }

    [KernelTheory]
    [InlineData(true, "inner max entries is 32, wanted 16")]
    [InlineData(false, "inner maps are none such as Array of 16 entries")]
    public void Other_inner_maps_are_a_mismatch_whether_or_not_one_is_there(bool filled, string difference)
    {
        PinOuter(s_table with { MaxEntries = 32 }, filled);

        BpfMapMismatchException failure = Assert.Throws<BpfMapMismatchException>(() => Load());

        Assert.Equal($"map tables at {_pins["tables"]}: {difference}", Assert.Single(failure.Mismatches).ToString());
        Assert.False(failure.Mismatches[0].IsCapacityOnly);
    }

    [KernelFact]
    public void An_empty_map_of_maps_that_fits_stays_empty_when_it_is_asked()
    {
        PinOuter(s_table, filled: false);

        using BpfObject nested = Load();

        Assert.False(nested.Map("tables").TryNextKey([], stackalloc byte[4]));
    }

    private void PinOuter(BpfMapSchema inner, bool filled)
    {
        using BpfMap<uint, uint> table = Table(inner, 1);
        using BpfMap outer = BpfMap.Create(new BpfMapDefinition
        {
            Name = "tables",
            Type = BpfMapType.HashOfMaps,
            KeySize = 4,
            ValueSize = 4,
            MaxEntries = 8,
            Flags = BpfMapFlags.NoPreallocation,
            InnerTemplate = table.Untyped,
        });
        outer.Pin(_pins["tables"]);
        if (filled)
        {
            outer.SetInnerMap(1u, table.Untyped);
        }
    }

    private BpfObject Load()
    {
        using BpfObjectSpec spec = TestObject.Open("nested");
        return spec.Load(new() { PinDirectory = _pins.Path });
    }

    private static int Read(BpfObject nested, uint number) => nested.Program("read_table")
        .TestRun(Packet.OfLength(60), new() { Context = new SkBuffContext { Mark = number } }).ReturnValue;

    private static BpfMap<uint, uint> Table(BpfMapSchema schema, uint third)
    {
        BpfMap<uint, uint> table = BpfMap.Create<uint, uint>("table", schema.Type, schema.MaxEntries, schema.Flags);
        table.Update(3, third);
        return table;
    }
}
