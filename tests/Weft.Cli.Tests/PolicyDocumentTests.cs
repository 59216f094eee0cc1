using Weft.Cli.Tests.Support;
using Weft.Tests.Shared;

namespace Weft.Cli.Tests;

/// <summary><c>policy apply</c>, <c>delete</c> and <c>get</c> hand documents to the agent, and show what it has.</summary>
public sealed class PolicyDocumentTests : IDisposable
{
    private const string Listing = """
        {"revision":3,"policies":[
          {"kind":"NetworkPolicy","namespace":"shop","name":"web","endpoints":[3663],"first-line":1,
           "text":"kind: NetworkPolicy\nmetadata: {name: web, namespace: shop}",
           "sections":[{"path":"spec","line":4,"subjects":"k8s:app=web, k8s:io.kubernetes.pod.namespace=shop","default-deny":["ingress"],
             "rules":[{"number":7,"path":"spec.ingress[0]","line":9,"direction":"ingress","action":"allow","peers":["k8s:app=front"],"ports":["80/TCP"]}]}]},
          {"kind":"CiliumClusterwideNetworkPolicy","name":"floor","endpoints":[],"first-line":1,"text":"kind: CiliumClusterwideNetworkPolicy\n",
           "sections":[
             {"path":"specs[0]","line":3,"subjects":"(everything)","default-deny":["egress"],
              "rules":[{"number":8,"path":"specs[0].ingressDeny[0]","line":5,"direction":"ingress","action":"deny","peers":["reserved:world"]},
                       {"number":9,"path":"specs[0].egress[0]","line":8,"direction":"egress","action":"allow"}]},
             {"path":"specs[1]","line":12,"subjects":"k8s:role=edge","is-for-nodes":true,"default-deny":["ingress"],"rules":[]}]}]}
        """;

    private readonly FakeAgent _agent = new FakeAgent().On("GET /v1/policy", Listing);
    private readonly string _file = Path.GetTempFileName();

    public void Dispose()
    {
        _agent.Dispose();
        File.Delete(_file);
    }

    [Fact]
    public async Task Applying_sends_the_file_as_it_is_with_its_name()
    {
        await File.WriteAllTextAsync(_file, "kind: NetworkPolicy\n");
        _agent.On($"PUT /v1/policy?source={Uri.EscapeDataString(_file)}", """
            {"results":[{"kind":"Namespace","namespace":"","name":"shop","result":"created"},
                        {"kind":"NetworkPolicy","namespace":"shop","name":"web","result":"configured"}]}
            """);

        CliResult result = await Run($"policy apply -f {_file}");

        Assert.Equal(new CliResult(0, "namespace/shop: created\nnetworkpolicy/web in namespace shop: configured\n", ""), result);
        Assert.Equal("kind: NetworkPolicy\n", _agent.Requests.Single().Body);
    }

    [Fact]
    public async Task What_the_agent_refuses_is_printed_with_its_lines()
    {
        _agent.On(
            $"PUT /v1/policy?source={Uri.EscapeDataString(_file)}",
            """{"code":"bad-request","message":"read policies web.yaml: 1 error\n  web.yaml:3: 'spec' is missing"}""", 400);

        CliResult result = await Run($"policy apply -f {_file}");

        Assert.Equal(new CliResult(1, "", "weft: read policies web.yaml: 1 error\n  web.yaml:3: 'spec' is missing\n"), result);
    }

    [Theory]
    [InlineData("policy apply -f /nonexistent.yaml")]
    [InlineData("policy delete -f /nonexistent.yaml")]
    public async Task A_file_that_is_not_there_is_a_failure_before_the_agent_is_asked(string line)
    {
        CliResult result = await Run(line);

        Assert.Equal((1, ""), (result.Code, result.Output));
        Assert.StartsWith("weft: read policies /nonexistent.yaml: ", result.Error, StringComparison.Ordinal);
        Assert.Empty(_agent.Requests);
    }

    [Fact]
    public async Task Deleting_by_name_tells_what_was_not_there()
    {
        _agent.On(
            "DELETE /v1/policy?name=netpol%2Fshop%2Fweb&name=ccnp%2Fx",
            """
            {"results":[{"kind":"NetworkPolicy","namespace":"shop","name":"web","result":"deleted"},
                        {"kind":"CiliumClusterwideNetworkPolicy","namespace":"","name":"x","result":"not found"}]}
            """);

        CliResult result = await Run("policy delete netpol/shop/web ccnp/x");

        Assert.Equal(
            new CliResult(1, "networkpolicy/web in namespace shop: deleted\nciliumclusterwidenetworkpolicy/x: not found\n", ""), result);
    }

    [Theory]
    [InlineData("policy delete")]
    [InlineData("policy delete netpol/shop/web -f x.yaml")]
    public async Task Deleting_takes_names_or_a_file(string line)
    {
        CliResult result = await Run(line);

        Assert.Equal((2, "weft: delete policies: give their names, or the file that they were applied from with -f\n"), (result.Code, result.Error));
    }

    [Theory]
    [InlineData("policy get", "policy-get.txt")]
    [InlineData("policy get -o yaml", "policy-get.yaml")]
    [InlineData("policy get shop/web -o json", "policy-get.json")]
    public async Task The_list_is_as_recorded(string line, string golden)
    {
        CliResult result = await Run(line);

        Assert.Equal((0, ""), (result.Code, result.Error));
        Golden.Matches(golden, result.Output);
    }

    [Theory]
    [InlineData("web")]
    [InlineData("shop/web")]
    [InlineData("networkpolicy/shop/web")]
    public async Task A_policy_is_found_by_each_of_its_names(string name)
    {
        CliResult result = await Run($"policy get {name} -o yaml");

        Assert.Equal(new CliResult(0, "kind: NetworkPolicy\nmetadata: {name: web, namespace: shop}\n", ""), result);
    }

    [Fact]
    public async Task A_policy_that_is_not_there_is_a_failure() => Assert.Equal(
        new CliResult(1, "", "weft: find policy 'api': the agent enforces none of that name (see 'weft policy get')\n"),
        await Run("policy get api"));

    [Fact]
    public async Task Applying_in_a_lab_asks_one_of_its_agents()
    {
        DirectoryInfo labs = Directory.CreateTempSubdirectory("weft-cli-");
        foreach (string node in (string[])["bpf1", "bpf2"])
        {
            string run = Path.Combine(labs.FullName, "mine", "nodes", node, "run");
            Directory.CreateDirectory(run);
            File.CreateSymbolicLink(Path.Combine(run, "weft.sock"), _agent.SocketPath);
        }

        _agent.On($"PUT /v1/policy?source={Uri.EscapeDataString(_file)}", """{"results":[],"warnings":[]}""");

        CliResult result = await CliRun.Weft(new Machine { LabsDirectory = labs.FullName }, $"policy apply -f {_file}");

        labs.Delete(recursive: true);
        Assert.Equal(new CliResult(0, "", ""), result);
    }

    [Theory]
    [InlineData("weft policy delete ", "NetworkPolicy/shop/web")]
    [InlineData("weft policy get sh", "shop/web")]
    public async Task Names_are_completed(string line, string name)
    {
        CliResult result = await CliRun.Weft(Bpf1.MachineOf(_agent), [$"[suggest:{line.Length}]", line]);

        Assert.Contains(name, result.Output.Split('\n'));
    }

    private Task<CliResult> Run(string line) => CliRun.Weft(Bpf1.MachineOf(_agent), line);
}
