using System.CommandLine;
using System.Globalization;
using Weft.Api;
using Weft.Api.Identities;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Output;

namespace Weft.Cli.Identities;

/// <summary><c>weft identity …</c>.</summary>
internal static class IdentityCommands
{
    public static Command Create(CommandFactory factory)
    {
        Command group = CommandFactory.Group(
            "identity",
            "Security identities: the numbers that stand for label sets, and travel as VNI in every packet of the overlay.",
            CreateList(factory),
            CreateGet(factory));
        group.Aliases.Add("identities");
        return group;
    }

    private static WeftCommand CreateList(CommandFactory factory)
    {
        WeftCommand command = new(
            "list",
            "Lists the identities that the node knows, by number: the reserved ones and those of the cluster.",
            new Example("weft identity list", "all identities"),
            new Example("weft identity list -o json", "for programs"));
        command.Aliases.Add("ls");
        factory.SetAction(command, async (invocation, cancellationToken) =>
        {
            using AgentClient agent = invocation.OpenAgent();
            Write(invocation, [.. (await agent.GetIdentitiesAsync(cancellationToken)).OrderBy(i => i.Id)]);
        });
        return command;
    }

    private static WeftCommand CreateGet(CommandFactory factory)
    {
        Argument<string> id = new("identity") { HelpName = "IDENTITY", Description = "A number, as the VNI of a packet" };
        id.Validators.Add(result =>
        {
            if (!uint.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                result.AddError($"'{result.Tokens[0].Value}' is not the number of an identity");
            }
        });
        WeftCommand command = new(
            "get",
            "Shows which labels an identity stands for.",
            new Example("weft identity get 37483", "who sends with VNI 37483?"));
        command.Add(id);
        factory.SetAction(command, async (invocation, cancellationToken) =>
        {
            using AgentClient agent = invocation.OpenAgent();
            long number = long.Parse(invocation.Parse.GetRequiredValue(id), CultureInfo.InvariantCulture);
            Write(invocation, [await agent.GetIdentityAsync(number, cancellationToken)]);
        });
        return command;
    }

    private static void Write(Invocation invocation, IReadOnlyList<IdentityResource> identities)
    {
        if (invocation.AsJson)
        {
            invocation.WriteJson(identities, JsonOutput.Api.IdentityList);
            return;
        }

        TextTable table = new();
        table.Add("ID", "LABELS");
        foreach (IdentityResource identity in identities)
        {
            string number = identity.Id.ToString(CultureInfo.InvariantCulture);
            foreach (string label in identity.Labels.Order(StringComparer.Ordinal).DefaultIfEmpty(""))
            {
                table.Add(number, label);
                number = "";
            }
        }

        table.Write(invocation.Output);
    }
}
