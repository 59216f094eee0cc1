using System.Net;
using Weft.Agent.Tests.Harness;
using Weft.Api;
using Weft.Api.Config;
using Weft.Api.Endpoints;
using Weft.Tests.Shared;

namespace Weft.Agent.Tests;

/// <summary>Who is under policy, as the operator decides it: at start, at run time, and of single endpoints.</summary>
public sealed class PolicyModeTests
{
    private const string Isolate =
        """
        apiVersion: cilium.io/v2
        kind: CiliumClusterwideNetworkPolicy
        metadata: { name: isolate }
        spec:
          endpointSelector: { matchLabels: { "k8s:app": db } }
          ingress:
          - fromEndpoints: [{ matchLabels: { "k8s:app": front } }]
            toPorts: [{ ports: [{ port: "80", protocol: TCP }] }]
          ingressDeny:
          - fromEntities: [world]
        """;

    /// <summary>Both agents follow it; it means the first node.</summary>
    private const string NodePings =
        """
        apiVersion: cilium.io/v2
        kind: CiliumClusterwideNetworkPolicy
        metadata: { name: node-pings }
        spec:
          nodeSelector: { matchLabels: { kubernetes.io/hostname: node1 } }
          ingress:
          - fromEndpoints: [{ matchLabels: { "k8s:app": front } }]
            icmps: [{ fields: [{ type: 8, family: IPv4 }] }]
        """;

    [KernelFact]
    public async Task An_endpoint_tells_its_policy_and_its_health()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();
        TestNamespace pod = node.NewPod();
        EndpointResource front = await node.Client.CreateEndpointAsync(new EndpointChangeRequest
        {
            Netns = pod.Path,
            ContainerId = pod.Name,
            Labels = ["k8s:app=front", "k8s:io.kubernetes.pod.namespace=default"],
        });
        EndpointResource db = await node.CreateEndpointAsync(node.NewPod(), label: "k8s:app=db");

        EndpointPolicy policy = await EnforcedAsync(node, db.Id);

        Assert.Equal("ingress", policy.PolicyEnabled);
        Assert.True(policy.PolicyRevision > 0);
        Assert.Equal([0], policy.AllowedEgressIdentities!);
        Assert.Equal([1], policy.AllowedIngressIdentities!);
        Assert.Equal([2], policy.DeniedIngressIdentities!);
        Assert.Equal([$"{front.Status!.Identity!.Id}: allow 80/TCP"], policy.L4!.Ingress);
        Assert.Equal(HealthState.Ok, (await node.Client.GetEndpointHealthAsync($"{db.Id}")).Policy);
        Assert.Equal(HealthState.Disabled, (await node.Client.GetEndpointHealthAsync($"{front.Id}")).Policy);
        Assert.Equal("none", (await node.Client.GetEndpointAsync($"{front.Id}")).Status!.Policy!.Realized!.PolicyEnabled);
    }

    [KernelFact]
    public async Task An_endpoints_audit_mode_lets_pass_what_is_denied_and_outlives_the_agent()
    {
        using TestNode node = TestNode.Create();
        AgentProcess agent = await node.StartAsync();
        TestNamespace client = node.NewPod();
        await node.CreateEndpointAsync(client, label: "k8s:app=front");
        EndpointResource db = await node.CreateEndpointAsync(node.NewPod(), label: "k8s:app=db");
        await EnforcedAsync(node, db.Id);
        Assert.Equal(0, Ping.Answers(client, TestNode.AddressOf(db), 1));

        await SetAuditAsync(node, db.Id, DatapathOption.Enabled);

        Assert.Equal(1, Ping.Answers(client, TestNode.AddressOf(db), 1));
        await agent.TerminateAsync();
        await node.StartAsync();
        Assert.Equal(DatapathOption.Enabled, await AuditOfAsync(node, db.Id));
        Assert.Equal(1, Ping.Answers(client, TestNode.AddressOf(db), 1));

        await SetAuditAsync(node, db.Id, DatapathOption.Disabled);

        Assert.Equal(DatapathOption.Disabled, await AuditOfAsync(node, db.Id));
        Assert.Equal(0, Ping.Answers(client, TestNode.AddressOf(db), 1));
    }

    [KernelFact]
    public async Task The_nodes_modes_change_at_run_time()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync("--enable-policy", "ingress=never,egress=default", "--policy-audit-mode", "true");
        TestNamespace client = node.NewPod();
        await node.CreateEndpointAsync(client, label: "k8s:app=front");
        EndpointResource db = await node.CreateEndpointAsync(node.NewPod(), label: "k8s:app=db");
        DaemonConfiguration config = await node.Client.GetConfigAsync();
        Assert.Equal("ingress=never,egress=default", config.Status!.Realized!.PolicyEnforcement);
        Assert.Equal(DatapathOption.Enabled, config.Status.Realized.Options![DatapathOption.PolicyAuditMode]);
        Assert.Equal(("false", "true"), (config.Status.DaemonConfigurationMap!["enable-host-firewall"], config.Status.DaemonConfigurationMap["policy-audit-mode"]));

        await node.Client.PatchConfigAsync(new DaemonConfigurationSpec { PolicyEnforcement = "always" });

        Assert.Equal("both", (await node.Client.GetEndpointAsync($"{db.Id}")).Status!.Policy!.Realized!.PolicyEnabled);
        Assert.Equal(1, Ping.Answers(client, TestNode.AddressOf(db), 1));

        await ChangeAsync(node, DatapathOption.PolicyAuditMode, DatapathOption.Disabled);
        Assert.Equal(0, Ping.Answers(client, TestNode.AddressOf(db), 1));

        await ChangeAsync(node, DatapathOption.PolicyEnforcement, "default");
        Assert.Equal("none", (await node.Client.GetEndpointAsync($"{db.Id}")).Status!.Policy!.Realized!.PolicyEnabled);
        Assert.Equal(1, Ping.Answers(client, TestNode.AddressOf(db), 1));
    }

    [KernelTheory]
    [InlineData(DatapathOption.PolicyEnforcement, "sometimes")]
    [InlineData(DatapathOption.PolicyEnforcement, "ingress=always,both=never")]
    [InlineData(DatapathOption.PolicyAuditMode, "perhaps")]
    public async Task A_mode_that_is_none_is_refused_and_nothing_changes(string option, string value)
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync();

        AgentApiException refusal = await Assert.ThrowsAsync<AgentApiException>(() => ChangeAsync(node, option, value));

        Assert.Equal(HttpStatusCode.BadRequest, refusal.Status);
        Assert.Equal("default", (await node.Client.GetConfigAsync()).Status!.Realized!.PolicyEnforcement);
    }

    [KernelFact]
    public async Task A_host_firewall_is_told_where_there_is_one()
    {
        using TestNode node = TestNode.Create();
        await node.StartAsync("--enable-host-firewall", "true");

        Assert.Equal(("Enabled", TestNode.Underlay), ((await node.Client.GetStatusAsync()).HostFirewall!.Mode, (await node.Client.GetStatusAsync()).HostFirewall!.Devices!.Single()));
    }

    [KernelFact]
    public async Task A_host_firewall_judges_what_is_for_the_node_and_what_it_sends()
    {
        (TestNode first, TestNode second) = TestNode.CreatePair();
        using (first)
        using (second)
        {
            await first.StartAsync("--enable-host-firewall", "true");
            await second.StartAsync();
            TestNamespace pod = first.NewPod();
            await first.Client.CreateEndpointAsync(new EndpointChangeRequest
            {
                Netns = pod.Path,
                ContainerId = pod.Name,
                Labels = ["k8s:app=front", "k8s:io.kubernetes.pod.namespace=default"],
            });
            Assert.Equal((1, 1), (Ping.Answers(pod, first.Address, 1), Ping.Answers(second.Namespace, first.Address, 1)));

            await first.Client.PutPoliciesAsync(NodePings, "node.yaml");

            Eventually.Passes(() => Assert.Equal(0, Ping.Answers(second.Namespace, first.Address, 1)));
            Assert.Equal(1, Ping.Answers(pod, first.Address, 1));
            Assert.Equal(1, Ping.Answers(first.Namespace, second.Address, 1));

            await first.Client.DeletePoliciesAsync(NodePings, "node.yaml");

            Eventually.Passes(() => Assert.Equal(1, Ping.Answers(second.Namespace, first.Address, 1)));
        }
    }

    private static async Task<EndpointPolicy> EnforcedAsync(TestNode node, long endpoint)
    {
        await node.Client.PutPoliciesAsync(Isolate, "isolate.yaml");
        return (await Eventually.BecomesAsync(
            "the policy is enforced", () => node.Client.GetEndpointAsync($"{endpoint}"),
            shown => shown.Status!.Policy!.Realized!.PolicyEnabled != "none")).Status!.Policy!.Realized!;
    }

    private static Task SetAuditAsync(TestNode node, long endpoint, string value) => node.Client.PatchEndpointConfigAsync(
        $"{endpoint}", new EndpointConfigurationSpec { Options = new Dictionary<string, string> { [DatapathOption.PolicyAuditMode] = value } });

    private static async Task<string> AuditOfAsync(TestNode node, long endpoint) =>
        (await node.Client.GetEndpointConfigAsync($"{endpoint}")).Realized!.Options![DatapathOption.PolicyAuditMode];

    private static Task ChangeAsync(TestNode node, string option, string value) =>
        node.Client.PatchConfigAsync(new DaemonConfigurationSpec { Options = new Dictionary<string, string> { [option] = value } });
}
