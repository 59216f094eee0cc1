using System.Text.Json;
using Weft.Api;
using Weft.Api.Endpoints;
using Weft.Cni.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cni.Tests;

public sealed class AddTests
{
    [Theory]
    [InlineData("0.3.1")]
    [InlineData("0.4.0")]
    [InlineData("1.0.0")]
    [InlineData("1.1.0")]
    public async Task The_result_has_the_form_of_its_version(string version)
    {
        using FakeAgent agent = Answers.Agent();

        CniAnswer answer = await new CniCall().RunAsync("ADD", CniCall.Config(agent.SocketPath, version));

        Assert.Equal("", answer.Error);
        Assert.Equal(0, answer.ExitCode);
        Golden.Matches($"add-{version}.json", answer.Output);
    }

    [Theory]
    [InlineData("0.4.0")]
    [InlineData("1.1.0")]
    public async Task A_pod_of_both_families_has_two_addresses_and_two_routes(string version)
    {
        using FakeAgent agent = new FakeAgent().On(Answers.CreateRoute, Answers.Json(Answers.DualStack), 201);

        CniAnswer answer = await new CniCall().RunAsync("ADD", CniCall.Config(agent.SocketPath, version));

        Assert.Equal(0, answer.ExitCode);
        Golden.Matches($"add-dual-stack-{version}.json", answer.Output);
    }

    [Theory]
    [InlineData("""{"egressRate":8000000}""", true)]
    [InlineData("""{"ingressRate":8000000,"egressRate":0}""", null)]
    [InlineData("""{"egressRate":"much"}""", null)] // the other plugin's to refuse
    [InlineData("null", null)]
    public async Task A_pod_whose_sending_a_later_plugin_limits_gets_its_program_where_that_one_needs_no_place(string limits, bool? expected)
    {
        using FakeAgent agent = Answers.Agent();

        await new CniCall().RunAsync("ADD", CniCall.Config(agent.SocketPath, more: $$""","runtimeConfig":{"bandwidth":{{limits}}}"""));

        string body = Assert.Single(agent.Requests).Body;
        Assert.Equal(expected, JsonSerializer.Deserialize(body, ApiJson.Default.EndpointChangeRequest)!.FreeIngressQdisc);
    }

    [Fact]
    public async Task The_agent_is_asked_once_for_what_the_runtime_named()
    {
        using FakeAgent agent = Answers.Agent();

        await new CniCall().RunAsync("ADD", CniCall.Config(agent.SocketPath));

        FakeRequest request = Assert.Single(agent.Requests);
        Assert.Equal(Answers.CreateRoute, request.Route);
        EndpointChangeRequest body = JsonSerializer.Deserialize(request.Body, ApiJson.Default.EndpointChangeRequest)!;
        Assert.Equal(["k8s:io.kubernetes.pod.namespace=default"], body.Labels);
        Assert.Equal(
            new EndpointChangeRequest
            {
                CniNetwork = "pods",
                ContainerId = CniCall.ContainerId,
                ContainerInterfaceName = "eth0",
                K8sNamespace = "default",
                K8sPodName = "web-k9x2p",
                K8sUid = "7d1c",
                Labels = body.Labels,
                Netns = "/run/netns/box1",
            },
            body);
    }

    [Fact]
    public async Task A_container_of_no_pod_has_no_labels()
    {
        using FakeAgent agent = Answers.Agent();
        CniCall call = new();
        call.Environment["CNI_ARGS"] = null;

        CniAnswer answer = await call.RunAsync("ADD", CniCall.Config(agent.SocketPath));

        Assert.Equal(0, answer.ExitCode);
        Assert.Contains("\"labels\":[]", Assert.Single(agent.Requests).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_earlier_plugin_made_stays_in_front()
    {
        using FakeAgent agent = Answers.Agent();

        CniAnswer answer = await new CniCall().RunAsync("ADD", CniCall.Config(agent.SocketPath, more: """
            ,"prevResult":{
              "cniVersion":"1.1.0",
              "interfaces":[{"name":"lo","sandbox":"/run/netns/box1"}],
              "ips":[{"address":"127.0.0.1/8","interface":0}],
              "dns":{"nameservers":["10.0.0.10"]}}
            """));

        Golden.Matches("add-after-another.json", answer.Output);
    }

    [Theory]
    [InlineData(""","runtimeConfig":{"ips":["10.0.1.7/24","fd00::7"],"mac":"02:00:00:00:00:07"}""", "10.0.1.7", "fd00::7", "02:00:00:00:00:07")]
    [InlineData(""","args":{"cni":{"ips":["10.0.1.7"],"mac":"02:00:00:00:00:07"}}""", "10.0.1.7", null, "02:00:00:00:00:07")]
    [InlineData(""","runtimeConfig":{"ips":["10.0.1.7"]},"args":{"cni":{"ips":["10.0.1.8"]}}""", "10.0.1.7", null, null)]
    [InlineData(""","runtimeConfig":{"ips":[],"portMappings":[{"hostPort":80}]}""", "10.0.1.9", null, "02:00:00:00:00:09")]
    public async Task What_the_runtime_wishes_is_asked_for(string more, string? ipv4, string? ipv6, string? mac)
    {
        using FakeAgent agent = Answers.Agent();
        CniCall call = new();
        if (ipv4 == "10.0.1.9")
        {
            call.Environment["CNI_ARGS"] = "IP=10.0.1.9;MAC=02:00:00:00:00:09";
        }

        await call.RunAsync("ADD", CniCall.Config(agent.SocketPath, more: more));

        EndpointChangeRequest body = JsonSerializer.Deserialize(
            Assert.Single(agent.Requests).Body, ApiJson.Default.EndpointChangeRequest)!;
        Assert.Equal((ipv4, ipv6, mac), (body.Addressing?.Ipv4, body.Addressing?.Ipv6, body.Mac));
    }

    [Theory]
    [InlineData(""","runtimeConfig":{"ips":["10.0.1"]}""", "ips '10.0.1'")]
    [InlineData(""","runtimeConfig":{"ips":["10.0.1.7/33"]}""", "ips '10.0.1.7/33'")]
    [InlineData(""","args":{"cni":{"ips":["10.0.1.7","10.0.1.8"]}}""", "one address of a family")]
    [InlineData(""","runtimeConfig":{"mac":"01:00:00:00:00:07"}""", "group address")]
    [InlineData(""","runtimeConfig":{"mac":"02:00"}""", "mac: ")]
    public async Task A_wish_that_makes_no_sense_is_code_7_and_the_agent_is_not_asked(string more, string message)
    {
        using FakeAgent agent = Answers.Agent();

        CniAnswer answer = await new CniCall().RunAsync("ADD", CniCall.Config(agent.SocketPath, more: more));

        Assert.Equal(7, answer.ErrorCode);
        Assert.Contains(message, answer.Message, StringComparison.Ordinal);
        Assert.Empty(agent.Requests);
    }

    [Theory]
    [InlineData(400, 4)]
    [InlineData(409, 100)]
    [InlineData(500, 100)]
    [InlineData(503, 11)]
    [InlineData(507, 11)]
    public async Task A_refusal_of_the_agent_is_passed_on_with_its_words(int status, int code)
    {
        using FakeAgent agent = new FakeAgent().On(
            Answers.CreateRoute, """{"code":"some-reason","message":"create endpoint: because"}""", status);

        CniAnswer answer = await new CniCall().RunAsync("ADD", CniCall.Config(agent.SocketPath, "0.4.0"));

        Assert.Equal(code, answer.ErrorCode);
        Assert.Equal("create endpoint: because", answer.Message);
        Assert.Equal("0.4.0", answer.Json.GetProperty("cniVersion").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    public async Task An_answer_that_is_no_endpoint_is_code_100(string body)
    {
        using FakeAgent agent = new FakeAgent().On(Answers.CreateRoute, body, 201);

        Assert.Equal(100, (await new CniCall().RunAsync("ADD", CniCall.Config(agent.SocketPath))).ErrorCode);
    }
}
