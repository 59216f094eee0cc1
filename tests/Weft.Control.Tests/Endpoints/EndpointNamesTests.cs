using Weft.Control.Endpoints;
using Weft.Datapath.Devices;

namespace Weft.Control.Tests.Endpoints;

public sealed class EndpointNamesTests
{
    [Fact]
    public void A_device_name_fits_the_kernel_and_is_the_same_again()
    {
        string name = EndpointNames.HostInterface("e26128c1f5b3", "eth0");

        Assert.Equal(15, name.Length);
        Assert.StartsWith(PodDevices.HostPrefix, name, StringComparison.Ordinal);
        Assert.Equal(name, EndpointNames.HostInterface("e26128c1f5b3", "eth0"));
        Assert.NotEqual(name, EndpointNames.HostInterface("e26128c1f5b3", "eth1"));
    }

    [Fact]
    public void Addresses_are_local_ones_of_single_stations()
    {
        for (int i = 0; i < 100; i++)
        {
            ulong first = EndpointNames.PodMac($"container{i}", "eth0").Value >> 40;
            Assert.Equal(0x02UL, first & 0x03);
            Assert.NotEqual(EndpointNames.PodMac($"container{i}", "eth0"), EndpointNames.HostMac($"container{i}", "eth0"));
        }
    }
}
