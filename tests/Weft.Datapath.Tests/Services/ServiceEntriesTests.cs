using System.Net;
using Weft.Abi;
using Weft.Datapath.Services;
using Weft.Tests.Shared;

namespace Weft.Datapath.Tests.Services;

public sealed class ServiceEntriesTests : IDisposable
{
    private static readonly ServiceEntry s_web = new()
    {
        Key = ServiceFixture.Key("10.96.0.10:80"),
        Id = 7,
        Flags = ServiceFlags.ClusterOnly,
        AffinityTimeout = 30,
        Internal = [1, 2, 3],
        External = [2],
    };

    private readonly ServiceFixture _node = new();

    public void Dispose() => _node.Dispose();

    [KernelFact]
    public void A_frontend_has_its_value_and_the_slots_of_both_lists()
    {
        _node.Entries.Put(s_web);

        ServiceValue value = _node.Maps.Services[s_web.Key];
        Assert.Equal((7u, 30u, ServiceFlags.ClusterOnly), (value.Id, value.AffinityTimeout, value.Flags));
        Assert.Equal((3, 1), (value.Count[0], value.Count[1]));
        Assert.Equal([1u, 2u, 3u], SlotsOf(value, ServiceList.Internal));
        Assert.Equal([2u], SlotsOf(value, ServiceList.External));
    }

    [KernelFact]
    public void A_change_of_lists_is_another_generation_and_the_old_slots_go_when_it_is_settled()
    {
        _node.Entries.Put(s_web);
        ServiceValue before = _node.Maps.Services[s_web.Key];

        _node.Entries.Put(s_web with { Internal = [3] });

        ServiceValue after = _node.Maps.Services[s_web.Key];
        Assert.NotEqual(before.Generation, after.Generation);
        Assert.Equal([1u, 2u, 3u], SlotsOf(before, ServiceList.Internal));
        _node.Entries.Settle();
        Assert.Equal([3u], SlotsOf(after, ServiceList.Internal));
        Assert.Equal(2, _node.Maps.ServiceSlots.Keys().Count());
    }

    [KernelFact]
    public void A_change_of_flags_alone_leaves_the_slots()
    {
        _node.Entries.Put(s_web);
        ServiceValue before = _node.Maps.Services[s_web.Key];

        _node.Entries.Put(s_web with { Flags = ServiceFlags.Dsr });

        Assert.Equal(before with { Flags = ServiceFlags.Dsr }, _node.Maps.Services[s_web.Key]);
    }

    [KernelFact]
    public void A_frontend_that_is_removed_takes_its_slots_along()
    {
        _node.Entries.Put(s_web);

        Assert.True(_node.Entries.Remove(s_web.Key));
        Assert.False(_node.Entries.Remove(s_web.Key));
        _node.Entries.Settle();

        Assert.Empty(_node.Maps.Services.Keys());
        Assert.Empty(_node.Maps.ServiceSlots.Keys());
    }

    [KernelFact]
    public void An_id_that_is_used_again_at_once_keeps_its_new_slots()
    {
        _node.Entries.Put(s_web);
        _node.Entries.Remove(s_web.Key);

        _node.Entries.Put(s_web with { Key = ServiceFixture.Key("[fd00::1]:80"), Internal = [5, 6] });
        _node.Entries.Settle();

        Assert.Equal([5u, 6u], SlotsOf(_node.Maps.Services[ServiceFixture.Key("[fd00::1]:80")], ServiceList.Internal));
        Assert.Equal(3, _node.Maps.ServiceSlots.Keys().Count());
    }

    [KernelFact]
    public void Two_frontends_cannot_have_one_id()
    {
        _node.Entries.Put(s_web);

        ServiceEntryException error = Assert.Throws<ServiceEntryException>(
            () => _node.Entries.Put(s_web with { Key = ServiceFixture.Key("[fd00::1]:80") }));

        Assert.Equal("put service [fd00::1]:80/TCP: id 7 is that of service 10.96.0.10:80/TCP", error.Message);
    }

    [KernelFact]
    public void A_restart_finds_services_and_backends_as_they_were()
    {
        _node.PutBackends(3);
        _node.Entries.Put(s_web);
        ServiceEntry other = s_web with { Key = ServiceFixture.Key("0.0.0.0:30080"), Id = 8, Internal = [], External = [] };
        _node.Entries.Put(other);

        _node.Restart();

        Assert.Equal([s_web, other], _node.Found.Services.OrderBy(s => s.Id).Select(s => s with { Generation = 0 }));
        Assert.Equal([1u, 2u, 3u], _node.Found.Backends.Keys.Order());
        Assert.Equal(0, _node.Found.Removed);
        ServiceValue before = _node.Maps.Services[s_web.Key];
        _node.Entries.Put(s_web);
        Assert.Equal(before, _node.Maps.Services[s_web.Key]);
    }

    [KernelFact]
    public void What_a_crash_left_between_two_writes_is_removed_and_a_list_that_lacks_a_slot_is_written_anew()
    {
        _node.Entries.Put(s_web);
        ServiceValue value = _node.Maps.Services[s_web.Key];
        _node.Maps.ServiceSlots.Update(new ServiceSlotKey { ServiceId = 7, Generation = 99, Slot = 0 }, 4);
        _node.Maps.ServiceSlots.Update(new ServiceSlotKey { ServiceId = 70, Generation = 1, Slot = 0 }, 4);
        _node.Maps.ServiceSlots.Delete(new ServiceSlotKey { ServiceId = 7, Generation = value.Generation, Slot = 1 });
        _node.Entries.SetSourceRanges(70, [IPNetwork.Parse("10.0.0.0/8")]);
        _node.Entries.PutMaglev(70, new uint[ServiceEntries.MaglevSize]);

        _node.Restart();

        Assert.Equal(4, _node.Found.Removed);
        Assert.Empty(_node.Found.Services);
        Assert.Empty(_node.Maps.SourceRanges.Keys());
        _node.Entries.Put(s_web);
        _node.Entries.Settle();
        Assert.Equal([1u, 2u, 3u], SlotsOf(_node.Maps.Services[s_web.Key], ServiceList.Internal));
        Assert.Equal(4, _node.Maps.ServiceSlots.Keys().Count());
    }

    [KernelFact]
    public void Source_ranges_are_added_and_taken_away_singly()
    {
        _node.Entries.SetSourceRanges(7, [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("fd00::/16")]);
        _node.Entries.SetSourceRanges(8, [IPNetwork.Parse("10.0.0.0/8")]);

        _node.Entries.SetSourceRanges(7, [IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("fd00::/16")]);

        Assert.False(MayUse(7, "10.1.2.3"));
        Assert.True(MayUse(7, "192.168.7.7"));
        Assert.True(MayUse(7, "fd00::7"));
        Assert.True(MayUse(8, "10.1.2.3"));
        Assert.Equal(3, _node.Maps.SourceRanges.Keys().Count());
    }

    [KernelFact]
    public void A_maglev_table_is_swapped_whole_and_only_when_it_differs()
    {
        uint[] first = [.. Enumerable.Range(0, ServiceEntries.MaglevSize).Select(i => (uint)i)];
        _node.Entries.PutMaglev(7, first);
        uint id = _node.Maps.Maglev.As<uint, uint>()[7];
        Assert.Equal(first, Table(7));

        _node.Entries.PutMaglev(7, first);
        Assert.Equal(id, _node.Maps.Maglev.As<uint, uint>()[7]);
        first[^1] = 3;
        _node.Entries.PutMaglev(7, first);
        Assert.Equal(first, Table(7));
        Assert.True(_node.Entries.RemoveMaglev(7));
        Assert.False(_node.Entries.RemoveMaglev(7));
    }

    private uint[] Table(uint service)
    {
        using Weft.Bpf.Maps.BpfMap inner = _node.Maps.Maglev.TryOpenInner(service)!;
        return [.. inner.As<uint, uint>().Entries().OrderBy(e => e.Key).Select(e => e.Value)];
    }

    private bool MayUse(uint service, string client) => _node.Maps.SourceRanges.TryLookup(
        new SourceRangeKey { PrefixLen = 160, ServiceId = service, Addr = WeftAddress.Parse(client) }, out _);

    private uint[] SlotsOf(ServiceValue value, ServiceList list) =>
    [
        .. Enumerable.Range(0, value.Count[(int)list]).Select(slot => _node.Maps.ServiceSlots[
            new ServiceSlotKey { ServiceId = value.Id, Generation = value.Generation, List = list, Slot = (uint)slot }]),
    ];
}
