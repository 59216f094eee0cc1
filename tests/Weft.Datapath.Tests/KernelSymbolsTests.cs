using Weft.Datapath.Tracing;
using Weft.Tests.Shared;

namespace Weft.Datapath.Tests;

public sealed class KernelSymbolsTests
{
    [Fact]
    public void An_address_is_in_the_function_that_begins_before_it()
    {
        KernelSymbols symbols = KernelSymbols.Parse(["ffffffff81000200 T second", "ffffffff81000100 t first", "ffffffff81000180 d data", "", "zz T bad", "0 T hidden",
            "ffffffffc0000000 t in_module\t[nf_tables]"]);

        Assert.Null(symbols.Find(0xffffffff810000ff));
        Assert.Equal("first", symbols.Find(0xffffffff81000100));
        Assert.Equal("first", symbols.Find(0xffffffff810001ff));
        Assert.Equal("second", symbols.Find(0xffffffff81000200));
        Assert.Equal("in_module", symbols.Find(0xffffffffc0000010));
    }

    [KernelFact]
    public void The_running_kernel_names_its_functions_and_its_reasons_to_drop()
    {
        ulong address = Convert.ToUInt64(File.ReadLines("/proc/kallsyms").First(line => line.EndsWith(" T ip_rcv", StringComparison.Ordinal))[..16], 16);

        Assert.Equal("ip_rcv", KernelSymbols.Read().Find(address + 1));
        Assert.Contains("NETFILTER_DROP", KernelDropReasons.Read().Values);
    }
}
