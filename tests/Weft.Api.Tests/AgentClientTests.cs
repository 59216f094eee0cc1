using System.Net;
using Weft.Api.Config;
using Weft.Api.Endpoints;
using Weft.Api.Status;
using Weft.Api.Tracing;
using Weft.Tests.Shared;

namespace Weft.Api.Tests;

public sealed class AgentClientTests : IDisposable
{
    private readonly FakeAgent _agent = new();
    private readonly AgentClient _client;

    public AgentClientTests() => _client = new AgentClient(_agent.SocketPath);

    public void Dispose()
    {
        _client.Dispose();
        _agent.Dispose();
    }

    [Fact]
    public async Task Status_is_read_from_the_socket()
    {
        _agent.On("GET /v1/healthz", """{"cilium":{"state":"Ok","msg":"0.1.0"},"a-later-field":1}""");

        StatusResponse status = await _client.GetStatusAsync();

        Assert.Equal("Ok", status.Agent!.State);
    }

    [Fact]
    public async Task Creation_sends_the_namespace_and_reads_the_endpoint()
    {
        _agent.On("PUT /v1/endpoint/0", """{"id":3663,"status":{"state":"ready"}}""", 201);

        EndpointResource created = await _client.CreateEndpointAsync(
            new EndpointChangeRequest { Netns = "/run/netns/pod", ContainerInterfaceName = "eth0", Labels = ["k8s:app=cni"] });

        Assert.Equal(3663, created.Id);
        Assert.Equal(
            """{"container-interface-name":"eth0","labels":["k8s:app=cni"],"netns":"/run/netns/pod"}""", _agent.Requests.Single().Body);
    }

    [Fact]
    public async Task Endpoint_references_travel_as_one_path_segment()
    {
        _agent.On("DELETE /v1/endpoint/pod-name%3Adefault%2Fcni-6vf5d", "");

        await _client.DeleteEndpointAsync("pod-name:default/cni-6vf5d");

        Assert.Single(_agent.Requests);
    }

    [Fact]
    public async Task Options_are_changed_by_patch()
    {
        _agent.On("PATCH /v1/config", "");

        await _client.PatchConfigAsync(new DaemonConfigurationSpec
        {
            Options = new Dictionary<string, string> { [DatapathOption.Debug] = DatapathOption.Enabled },
        });

        Assert.Equal("""{"options":{"Debug":"Enabled"}}""", _agent.Requests.Single().Body);
    }

    [Fact]
    public async Task Refusal_carries_the_agents_message()
    {
        _agent.On("GET /v1/endpoint/9", """{"code":"endpoint-not-found","message":"endpoint 9: not on this node"}""", 404);

        AgentApiException refusal = await Assert.ThrowsAsync<AgentApiException>(() => _client.GetEndpointAsync("9"));

        Assert.Equal((HttpStatusCode.NotFound, "endpoint-not-found", "endpoint 9: not on this node"), (refusal.Status, refusal.Code, refusal.Message));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[1]")]
    [InlineData("{}")]
    public async Task Refusal_without_a_readable_body_tells_the_status(string body)
    {
        _agent.On("GET /v1/endpoint/9", body, 500);

        AgentApiException refusal = await Assert.ThrowsAsync<AgentApiException>(() => _client.GetEndpointAsync("9"));

        Assert.Equal("GET /v1/endpoint/9: HTTP 500", refusal.Message);
    }

    [Fact]
    public async Task Every_truncation_of_an_answer_is_reported_as_unreadable()
    {
        const string Whole = """{"id":3663,"spec":{"options":{"Debug":"Enabled"}},"status":{"state":"ready","log":[{"timestamp":"2026-11-22T20:44:31Z"}]}}""";
        for (int length = 0; length < Whole.Length; length++)
        {
            _agent.On("GET /v1/endpoint/3663", Whole[..length]);

            await Assert.ThrowsAsync<InvalidDataException>(() => _client.GetEndpointAsync("3663"));
        }
    }

    [Fact]
    public async Task A_netfilter_trace_is_read_line_by_line()
    {
        _agent.On(
            "GET /v1/trace/netfilter?proto=tcp&src=10.0.0.0%2F8&dport=80",
            """
            {"start":{"node":"bpf1","id":"weft-trace-1-1"}}
            {"lost":true}

            """);
        NetfilterTraceRequest request = new() { Protocol = "tcp", Source = "10.0.0.0/8", DestinationPort = 80 };

        List<NetfilterTraceFrame> frames = [];
        await foreach (NetfilterTraceFrame frame in _client.TraceNetfilterAsync(request))
        {
            frames.Add(frame);
        }

        Assert.Equal(["weft-trace-1-1", null], frames.Select(frame => frame.Start?.Id));
        Assert.Equal([null, true], frames.Select(frame => frame.Lost));
    }

    [Fact]
    public async Task Monitor_stream_gives_the_bytes_as_they_are()
    {
        byte[] frames = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        _agent.On("GET /v1/monitor?types=drop,trace&endpoint=3663&endpoint=7", frames);

        using Stream stream = await _client.OpenMonitorAsync(new MonitorRequest { Types = ["drop", "trace"], Endpoints = [3663, 7] });
        using MemoryStream received = new();
        await stream.CopyToAsync(received);

        Assert.Equal(frames, received.ToArray());
    }
}
