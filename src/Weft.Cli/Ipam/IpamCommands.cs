using System.CommandLine;
using Weft.Api;
using Weft.Api.Ipam;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Cli.Output;

namespace Weft.Cli.Ipam;

/// <summary><c>weft ipam …</c>.</summary>
internal static class IpamCommands
{
    public static Command Create(CommandFactory factory) => CommandFactory.Group(
        "ipam", "The addresses of the node's pods.", CreateList(factory), CreateCheck(factory));

    private static WeftCommand CreateList(CommandFactory factory)
    {
        WeftCommand command = new(
            "list", "Lists the addresses that are given, and to whom.", new Example("weft ipam list", "with the pools that they are from"));
        command.Aliases.Add("ls");
        factory.SetAction(command, async (invocation, cancellationToken) =>
        {
            using AgentClient agent = invocation.OpenAgent();
            Write(invocation, await agent.GetAddressesAsync(cancellationToken));
        });
        return command;
    }

    private static WeftCommand CreateCheck(CommandFactory factory)
    {
        WeftCommand command = new(
            "check",
            "Compares addresses, endpoints, devices and the datapath's maps. Exits with 1 while anything is wrong.",
            new Example("weft ipam check", "what has leaked, and what is missing"),
            new Example("weft ipam check --repair", "frees what has leaked, and puts back what is missing"));
        Option<bool> repair = new("--repair") { Description = "Put right what is wrong" };
        command.Add(repair);
        factory.SetAction(command, async (invocation, cancellationToken) =>
        {
            using AgentClient agent = invocation.OpenAgent();
            IpamCheck check = await agent.CheckAddressesAsync(invocation.Parse.GetValue(repair), cancellationToken);
            Write(invocation, check);
            return check.Problems.All(problem => problem.IsRepaired) ? ExitCode.Success : ExitCode.Failure;
        });
        return command;
    }

    private static void Write(Invocation invocation, IpamListing listing)
    {
        if (invocation.AsJson)
        {
            invocation.WriteJson(listing, JsonOutput.Api.IpamListing);
            return;
        }

        foreach (IpamPool pool in listing.Pools)
        {
            invocation.Output.WriteLine($"{pool.Cidr}: {pool.Used} of {pool.Capacity} given, gateway {pool.Gateway}");
        }

        TextTable table = new();
        table.Add("Address", "Owner", "Endpoint", "Device");
        foreach (IpamAllocation given in listing.Allocations)
        {
            table.Add(
                given.Address, given.Owner, given.Endpoint?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? (given.IsReserved ? "reserved" : "none"),
                given.InterfaceName ?? "");
        }

        table.Write(invocation.Output);
    }

    private static void Write(Invocation invocation, IpamCheck check)
    {
        if (invocation.AsJson)
        {
            invocation.WriteJson(check, JsonOutput.Api.IpamCheck);
            return;
        }

        if (check.Problems.Count == 0)
        {
            invocation.Output.WriteLine("Addresses, endpoints, devices and maps agree.");
            return;
        }

        TextTable table = new();
        table.Add("Problem", "Subject", "What", "Repair");
        foreach (IpamProblem problem in check.Problems)
        {
            table.Add(problem.Kind, problem.Subject, problem.Message, problem.Failure ?? (problem.IsRepaired ? "done" : ""));
        }

        table.Write(invocation.Output);
    }
}
