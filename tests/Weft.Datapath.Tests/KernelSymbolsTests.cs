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

    [Fact]
    public void A_name_that_several_functions_have_stands_for_none()
    {
        KernelSymbols symbols = KernelSymbols.Parse(["1000 t one", "2000 t several", "3000 t several", "4000 T other", "5000 t several"]);

        Assert.Equal([("one", 0x1000ul), ("other", 0x4000)], symbols.UniqueAddresses().Select(entry => (entry.Key, entry.Value)).Order().ToArray());
    }

    [Fact]
    public void A_query_means_whole_names_and_takes_no_expression_that_could_be_slow()
    {
        FunctionQuery query = FunctionQuery.Parse("ip_rcv|tcp_.*", allModules: false);

        Assert.Equal([true, true, false, false], ((string[])["ip_rcv", "tcp_v4_rcv", "ip_rcv_core", "mptcp_rcv"]).Select(name => query.Names.IsMatch(name)).ToArray());
        Assert.ThrowsAny<ArgumentException>(() => FunctionQuery.Parse("(", allModules: false));
        Assert.Throws<NotSupportedException>(() => FunctionQuery.Parse(@"(a)\1", allModules: false));
    }

    [KernelFact]
    public void The_running_kernel_names_its_functions_and_its_reasons_to_drop()
    {
        ulong address = Convert.ToUInt64(File.ReadLines("/proc/kallsyms").First(line => line.EndsWith(" T ip_rcv", StringComparison.Ordinal))[..16], 16);

        Assert.Equal("ip_rcv", KernelSymbols.Read().Find(address + 1));
        Assert.Contains("NETFILTER_DROP", KernelDropReasons.Read().Values);
    }
}
