using System.Text.Json.Nodes;
using Weft.Cli.Tests.Support;

namespace Weft.Cli.Tests;

/// <summary><c>policy validate</c> needs no agent, and finds every error of every file.</summary>
public sealed class PolicyValidateTests : IDisposable
{
    private const string Good =
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: web, namespace: shop }
        spec: { podSelector: {} }
        ---
        apiVersion: v1
        kind: Namespace
        metadata: { name: shop }
        """;

    private readonly string _good = Path.GetTempFileName();
    private readonly string _bad = Path.GetTempFileName();

    public PolicyValidateTests()
    {
        File.WriteAllText(_good, Good);
        File.WriteAllText(_bad, Good.Replace("podSelector", "podSelektor", StringComparison.Ordinal).Replace("v1\nkind: Namespace", "v1\nkind: Namespaze", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        File.Delete(_good);
        File.Delete(_bad);
    }

    [Fact]
    public async Task Every_document_that_is_right_has_a_line() => Assert.Equal(
        new CliResult(0, $"{_good}: NetworkPolicy shop/web: ok\n{_good}: Namespace shop: ok\n", ""),
        await CliRun.Weft($"policy validate -f {_good}"));

    [Fact]
    public async Task Every_error_is_told_with_its_line_and_the_command_fails()
    {
        CliResult result = await CliRun.Weft($"policy validate -f {_good} {_bad}");

        Assert.Equal((1, ""), (result.Code, result.Error));
        Assert.Contains($"{_good}: Namespace shop: ok\n", result.Output, StringComparison.Ordinal);
        Assert.Contains($"{_bad}:4: 'spec.podSelektor' is an unknown field (did you mean 'podSelector'?)\n", result.Output, StringComparison.Ordinal);
        Assert.Contains($"{_bad}:7: 'kind' is 'Namespaze' (did you mean 'Namespace'?)\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_has_the_same()
    {
        CliResult result = await CliRun.Weft($"policy validate -f {_good} -f {_bad} -o json");

        JsonArray checks = JsonNode.Parse(result.Output)!.AsArray();
        Assert.Equal(1, result.Code);
        Assert.Equal((true, false), ((bool)checks[0]!["isValid"]!, (bool)checks[1]!["isValid"]!));
        Assert.Equal(["NetworkPolicy shop/web", "Namespace shop"], checks[0]!["documents"]!.AsArray().Select(document => (string)document!));
        Assert.Contains(4, checks[1]!["errors"]!.AsArray().Select(error => (int)error!["line"]!));
    }

    [Fact]
    public async Task An_empty_file_is_not_what_anybody_meant()
    {
        File.WriteAllText(_good, "# nothing yet\n");

        Assert.Equal(new CliResult(1, $"{_good}:1: there is no document in it\n", ""), await CliRun.Weft($"policy validate -f {_good}"));
    }
}
