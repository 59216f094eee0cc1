using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using Weft.Api;
using Weft.Api.Services;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Output;

namespace Weft.Cli.Services;

/// <summary><c>weft service …</c>.</summary>
internal static class ServiceCommands
{
    public static Command Create(CommandFactory factory)
    {
        Command group = CommandFactory.Group(
            "service",
            "Services: addresses that stand for several backends.",
            CreateList(factory),
            CreateGet(factory),
            ManifestCommands.CreateUpdate(factory),
            ManifestCommands.CreateDelete(factory));
        group.Aliases.Add("services");
        return group;
    }

    private static WeftCommand CreateList(CommandFactory factory)
    {
        WeftCommand command = new(
            "list",
            "Lists the frontends that the node balances, by number, with their backends.",
            new Example("weft service list", "all frontends of the node"),
            new Example("weft service list -o json", "for programs"));
        command.Aliases.Add("ls");
        factory.SetAction(command, async (invocation, cancellationToken) =>
        {
            using AgentClient agent = invocation.OpenAgent();
            Write(invocation, await agent.GetServicesAsync(cancellationToken));
        });
        return command;
    }

    private static WeftCommand CreateGet(CommandFactory factory)
    {
        Argument<uint> id = new("service") { HelpName = "ID", Description = "The number of the frontend" };
        id.CompletionSources.Add(context => factory.Complete(context, async (agent, cancellationToken) =>
            (await agent.GetServicesAsync(cancellationToken)).Select(service => new CompletionItem(Number(service)))));
        WeftCommand command = new(
            "get",
            "Shows one frontend with its backends.",
            new Example("weft service get 7", "which service is RevNAT=7 in 'weft bpf ct list'?"));
        command.Add(id);
        factory.SetAction(command, async (invocation, cancellationToken) =>
        {
            using AgentClient agent = invocation.OpenAgent();
            Write(invocation, [await agent.GetServiceAsync(invocation.Parse.GetRequiredValue(id), cancellationToken)]);
        });
        return command;
    }

    private static void Write(Invocation invocation, IReadOnlyList<ServiceResource> services)
    {
        if (invocation.AsJson)
        {
            invocation.WriteJson(services, JsonOutput.Api.ServiceResources);
            return;
        }

        TextTable table = new();
        table.Add("ID", "Frontend", "Service Type", "Backend");
        foreach (ServiceResource service in services.Where(service => service.Spec is not null))
        {
            ServiceSpec spec = service.Spec!;
            string[] backends = [.. spec.BackendAddresses.Select((backend, index) => string.Create(
                CultureInfo.InvariantCulture, $"{index + 1} => {Socket(backend.Ip, backend.Port)} ({backend.State ?? "active"})"))];
            string frontend = $"{Socket(spec.FrontendAddress.Ip, spec.FrontendAddress.Port)}/{spec.FrontendAddress.Protocol.ToUpperInvariant()}";
            table.Add(Number(service), frontend, spec.Flags?.Type ?? "", backends.FirstOrDefault() ?? "");
            foreach (string backend in backends.Skip(1))
            {
                table.Add("", "", "", backend);
            }
        }

        table.Write(invocation.Output);
    }

    private static string Number(ServiceResource service) => service.Spec!.Id.ToString(CultureInfo.InvariantCulture);

    private static string Socket(string ip, ushort port) => ip.Contains(':', StringComparison.Ordinal)
        ? string.Create(CultureInfo.InvariantCulture, $"[{ip}]:{port}")
        : string.Create(CultureInfo.InvariantCulture, $"{ip}:{port}");
}
