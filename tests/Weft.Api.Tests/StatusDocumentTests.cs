using System.Text.Json;
using Weft.Api.Status;

namespace Weft.Api.Tests;

public class StatusDocumentTests
{
    [Fact]
    public void Names_are_those_that_tools_look_for()
    {
        StatusResponse status = new()
        {
            Agent = new ComponentStatus { State = ComponentState.Ok, Message = "0.1.0" },
            NodeMonitor = new MonitorStatus { Cpus = 2, Pages = 64, PageSize = 4096 },
            HostRouting = new ModeStatus { Mode = "BPF" },
            Controllers = [new ControllerStatus { Name = "ct-gc", Status = new ControllerRunStatus { SuccessCount = 3 } }],
        };

        string json = JsonSerializer.Serialize(status, ApiJson.Default.StatusResponse);

        const string Never = "0001-01-01T00:00:00.000Z";
        Assert.Equal(
            $$$"""
            {"cilium":{"msg":"0.1.0","state":"Ok"},
            "controllers":[{"name":"ct-gc","status":{"last-failure-timestamp":"{{{Never}}}","last-success-timestamp":"{{{Never}}}","success-count":3}}],
            "host-routing":{"mode":"BPF"},
            "nodeMonitor":{"cpus":2,"lost":0,"npages":64,"pagesize":4096,"unknown":0}}
            """.ReplaceLineEndings(""),
            json);
    }

    [Fact]
    public void Times_are_written_in_utc_with_milliseconds()
    {
        DateTimeOffset time = new(2026, 11, 22, 21, 44, 23, 414, TimeSpan.FromHours(1));

        string json = JsonSerializer.Serialize(
            new ControllerRunStatus { LastSuccessTimestamp = time }, ApiJson.Default.ControllerRunStatus);

        Assert.Contains("\"last-success-timestamp\":\"2026-11-22T20:44:23.414Z\"", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"yesterday\"")]
    [InlineData("12")]
    [InlineData("null")]
    public void Garbage_instead_of_a_time_is_a_json_error(string time) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(
            $$$"""{"controllers":[{"name":"a","status":{"last-success-timestamp":{{{time}}}}}]}""", ApiJson.Default.StatusResponse));
}
