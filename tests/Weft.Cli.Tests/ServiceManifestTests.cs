using Weft.Cli.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cli.Tests;

/// <summary><c>service update</c> and <c>service delete</c> hand manifests to the agent and tell what became of them.</summary>
public sealed class ServiceManifestTests : IDisposable
{
    private const string Update = "PUT /v1/k8s-manifests";
    private const string Deletion = "POST /v1/k8s-manifests/deletion";
    private readonly FakeAgent _agent = new();
    private readonly string _file = Path.GetTempFileName();

    public void Dispose()
    {
        _agent.Dispose();
        File.Delete(_file);
    }

    [Fact]
    public async Task An_update_sends_the_file_as_it_is_and_prints_each_result()
    {
        await File.WriteAllTextAsync(_file, "kind: Service\n");
        _agent.On(Update, """
            {"results":[{"kind":"Service","namespace":"default","name":"web","result":"created"}],"warnings":["manifests:7: left out"]}
            """);

        CliResult result = await Run($"service update -f {_file}");

        Assert.Equal(new CliResult(0, "service/web in namespace default: created\n", "weft: manifests:7: left out\n"), result);
        Assert.Equal("kind: Service\n", _agent.Requests.Single().Body);
    }

    [Fact]
    public async Task A_deletion_of_what_is_not_there_is_a_failure_that_says_so()
    {
        _agent.On(Deletion, """{"results":[{"kind":"Service","namespace":"default","name":"web","result":"not found"}],"warnings":[]}""");

        Assert.Equal(new CliResult(1, "service/web in namespace default: not found\n", ""), await Run($"service delete -f {_file}"));
    }

    [Fact]
    public async Task What_the_agent_refuses_is_printed_with_its_lines()
    {
        _agent.On(Update, """{"code":"bad-request","message":"read manifests manifests: 1 error\n  manifests:3: 'spec' is missing"}""", 400);

        CliResult result = await Run($"service update -f {_file}");

        Assert.Equal(new CliResult(1, "", "weft: read manifests manifests: 1 error\n  manifests:3: 'spec' is missing\n"), result);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_a_failure_before_the_agent_is_asked()
    {
        CliResult result = await Run("service update -f /nonexistent.yaml");

        Assert.Equal((1, ""), (result.Code, result.Output));
        Assert.StartsWith("weft: read manifests /nonexistent.yaml: ", result.Error, StringComparison.Ordinal);
        Assert.Empty(_agent.Requests);
    }

    private Task<CliResult> Run(string line) => CliRun.Weft(Bpf1.MachineOf(_agent), line);
}
