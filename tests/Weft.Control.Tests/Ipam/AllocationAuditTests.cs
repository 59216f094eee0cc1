using System.Net;
using Weft.Control.Endpoints;
using Weft.Control.Ipam;
using Weft.Control.Node;
using Weft.Netlink;
using Weft.Netlink.Links;
using Weft.Tests.Shared;

namespace Weft.Control.Tests.Ipam;

/// <summary>The leaks that nobody can make from outside of an agent, each made, found and repaired. The others: tests/Weft.Cni.Tests/IpamCheckTests.</summary>
public sealed class AllocationAuditTests
{
    private static readonly IPAddress s_address = IPAddress.Parse("10.77.1.180");

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [KernelFact]
    public Task An_address_whose_endpoint_is_gone_is_found_and_freed() => RealNode.RunAsync(typeof(AllocationAuditTests), async agent =>
    {
        agent.Pools.Claim(s_address, "default/lost");

        await FindAndRepairAsync(agent, AllocationProblemKind.AddressWithoutEndpoint, "10.77.1.180");

        Assert.Null(agent.Pools.For(s_address).Find(s_address));
    });

    [KernelFact]
    public Task An_address_that_the_pool_could_give_twice_is_found_and_claimed() => RealNode.RunAsync(typeof(AllocationAuditTests), async agent =>
    {
        using TestNamespace pod = TestNamespace.Create("pod");
        await CreateAsync(agent, pod);
        agent.Pools.Release(s_address);

        await FindAndRepairAsync(agent, AllocationProblemKind.EndpointWithoutAddress, "10.77.1.180");

        Assert.Equal("default/web", agent.Pools.For(s_address).Find(s_address)!.Owner);
    });

    /// <remarks>One that only goes is noticed by the agent itself; here another one has its name.</remarks>
    [KernelFact]
    public Task An_endpoint_whose_device_is_another_one_is_found_and_deleted() => RealNode.RunAsync(typeof(AllocationAuditTests), async agent =>
    {
        using TestNamespace pod = TestNamespace.Create("pod");
        Endpoint endpoint = await CreateAsync(agent, pod);
        await agent.Controllers.StopAsync(EndpointCollector.ControllerName);
        using RtNetlink netlink = RtNetlink.Open();
        netlink.Links.Delete(endpoint.Record.HostInterface);
        netlink.Links.CreateVeth(endpoint.Record.HostInterface, new LinkSettings(), "other", new LinkSettings());

        await FindAndRepairAsync(agent, AllocationProblemKind.EndpointWithoutDevice, endpoint.Record.HostInterface);

        Assert.Null(agent.Endpoints.Table.TryFind(endpoint.Id));
        Assert.Null(agent.Pools.For(s_address).Find(s_address));
        Assert.Null(netlink.Links.Find(endpoint.Record.HostInterface));
    });

    private static async Task<Endpoint> CreateAsync(NodeAgent agent, TestNamespace pod)
    {
        Endpoint endpoint = await agent.Endpoints.CreateAsync(
            new EndpointRequest
            {
                NetnsPath = pod.Path,
                ContainerId = "web",
                KubernetesNamespace = "default",
                KubernetesPod = "web",
                IPv4 = s_address,
            },
            Test);
        endpoint.Keep();
        return endpoint;
    }

    private static async Task FindAndRepairAsync(NodeAgent agent, AllocationProblemKind kind, string subject)
    {
        AllocationAudit audit = new(agent.Local, agent.Kernel, agent.Pools, agent.Endpoints);
        AllocationProblem found = Assert.Single(await audit.LookAsync(Test));
        Assert.Equal((kind, subject), (found.Kind, found.Subject));

        await found.RepairAsync();

        Assert.Empty(await audit.LookAsync(Test));
    }
}
