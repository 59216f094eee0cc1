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
        Dictionary<string, uint> budget = BudgetOfThisKernel();
        string[] breaches = [.. from program in Datapath.Programs.DatapathPrograms
                                let verified = program.GetInfo().VerifiedInstructions
                                where verified > budget.GetValueOrDefault(program.Name) * 1.1
                                select $"{program.Name}: {verified} instructions verified, budget {budget.GetValueOrDefault(program.Name)}"];
        Assert.True(breaches.Length == 0, string.Join("\n", breaches));
    }

    /// <summary>Verifiers differ: that of the newest series in the file which is not newer than the running kernel.</summary>
    private static Dictionary<string, uint> BudgetOfThisKernel()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "budget.json");
        var budgets = JsonSerializer.Deserialize<Dictionary<Version, Dictionary<string, uint>>>(File.ReadAllText(path))!;
        Version kernel = Environment.OSVersion.Version;
        return budgets.Where(budget => budget.Key <= kernel).MaxBy(budget => budget.Key).Value
            ?? throw new InvalidOperationException($"bpf/budget.json has no budget for kernel {kernel} or an older one");
    }
}
