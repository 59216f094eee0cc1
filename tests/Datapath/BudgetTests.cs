using System.Text.Json;
using Datapath.Harness;
using Weft.Tests.Shared;

namespace Datapath;

/// <summary>The verifier's work for each program stays within 10 % of bpf/budget.json, so that growth is a decision.</summary>
public sealed class BudgetTests(DatapathFixture datapath) : DatapathTest(datapath)
{
    [KernelFact]
    public void No_program_costs_the_verifier_more_than_its_budget()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "budget.json");
        Dictionary<string, uint> budget = JsonSerializer.Deserialize<Dictionary<string, uint>>(File.ReadAllText(path))!;
        string[] breaches = [.. from program in Datapath.Programs.DatapathPrograms
                                let verified = program.GetInfo().VerifiedInstructions
                                where verified > budget.GetValueOrDefault(program.Name) * 1.1
                                select $"{program.Name}: {verified} instructions verified, budget {budget.GetValueOrDefault(program.Name)}"];
        Assert.Empty(breaches);
    }
}
