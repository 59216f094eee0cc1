using System.CommandLine;
using Weft.Api;
using Weft.Api.Config;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Output;

namespace Weft.Cli.Config;

/// <summary><c>weft config</c>.</summary>
internal static class ConfigCommand
{
    public static Command Create(CommandFactory factory)
    {
        Argument<OptionChange[]> changes = OptionChanges.CreateArgument(OptionChanges.OfNode);
        Option<bool> all = new("--all", "-a") { Description = "Also what is fixed while the agent runs" };
        WeftCommand command = new(
            "config",
            "Shows the settings of the node's datapath, or changes some while packets flow.",
            new Example("weft config", "what can be changed"),
            new Example("weft config --all", "and what the agent was started with"),
            new Example("weft config Debug=Enabled", "debug messages for every packet of the node"),
            new Example("weft config MonitorAggregationLevel=None", "every trace point of every packet"),
            new Example("weft config PolicyAuditMode=Enabled", "drop nothing because of policy, only tell it"));
        command.Add(changes);
        command.Add(all);
        factory.SetAction(command, (invocation, cancellationToken) => RunAsync(
            invocation, invocation.Parse.GetValue(changes) ?? [], invocation.Parse.GetValue(all), cancellationToken));
        return command;
    }

    private static async Task RunAsync(Invocation invocation, OptionChange[] changes, bool all, CancellationToken cancellationToken)
    {
        using AgentClient agent = invocation.OpenAgent();
        if (changes.Length > 0)
        {
            await agent.PatchConfigAsync(
                new DaemonConfigurationSpec { Options = OptionChanges.ToDictionary(changes) }, cancellationToken);
        }

        DaemonConfiguration config = await agent.GetConfigAsync(cancellationToken);
        if (invocation.AsJson)
        {
            invocation.WriteJson(config, JsonOutput.Api.DaemonConfiguration);
            return;
        }

        if (all)
        {
            invocation.Output.WriteLine("##### Read-only configurations #####");
            OptionTable.Write(invocation.Output, ReadOnly(config.Status));
            invocation.Output.WriteLine();
            invocation.Output.WriteLine("##### Read-write configurations #####");
        }

        OptionTable.Write(invocation.Output, (config.Status?.Realized ?? config.Spec)?.Options);
    }

    private static IEnumerable<KeyValuePair<string, string>> ReadOnly(DaemonConfigurationStatus? status) =>
        (status?.DaemonConfigurationMap ?? new Dictionary<string, string>())
            .Concat(status?.Immutable ?? new Dictionary<string, string>())
            .DistinctBy(option => option.Key);
}
