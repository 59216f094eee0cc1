using System.Net;
using Weft.Bpf;
using Weft.Netlink.Routes;
using Weft.Tests.Shared;

namespace Weft.Netlink.Tests;

public sealed class BpfRouteTests : IDisposable
{
    private const string Source = """
        __attribute__((section("lwt_xmit"), used)) int weft_pass(void *skb) { return 0; }
        __attribute__((section("license"), used)) char weft_license[] = "GPL";
        """;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("weft-netlink-bpf-");

    public void Dispose() => _directory.Delete(recursive: true);

    [KernelFact]
    public void Program_of_a_route_is_what_ip_shows()
    {
        using Node node = new();
        using BpfObject loaded = Load();
        Route wanted = new()
        {
            Destination = IPNetwork.Parse("10.0.0.0/24"),
            Device = node.Device,
            Scope = RouteScope.Link,
            Encapsulation = new RouteEncapsulation.BpfTransmit("weft_pass", loaded.Program("weft_pass").Fd, Headroom: 64),
        };

        node.Netlink.Routes.Add(wanted);

        Assert.Contains("encap bpf xmit weft_pass dev ens3", node.Namespace.Exec("ip", "route"));
        Route read = Assert.Single(node.Netlink.Routes.List(), route => route.Encapsulation is not null);
        Assert.Equal(new RouteEncapsulation.BpfTransmit("weft_pass", Program: null), read.Encapsulation);
        Assert.Throws<ArgumentException>(() => node.Netlink.Routes.Replace(read));
    }

    private BpfObject Load()
    {
        string source = Path.Combine(_directory.FullName, "pass.c");
        string compiled = Path.Combine(_directory.FullName, "pass.o");
        File.WriteAllText(source, Source);
        Tool.Run("clang-14", "-O2", "-g", "-target", "bpf", "-c", source, "-o", compiled);
        using BpfObjectSpec spec = BpfObjectSpec.Open(File.ReadAllBytes(compiled), "pass.o");
        return spec.Load();
    }
}
