using System.CommandLine;
using Weft.Cli.Help;
using Weft.Cli.Hosting;
using Weft.Lab.Programs;

namespace Weft.Cli.Lab;

/// <summary><c>weft lab exec</c>.</summary>
internal static class LabExecCommand
{
    public static Command Create(CommandFactory factory)
    {
        Argument<string> member = new("member") { HelpName = "POD", Description = "A pod, a node or an outside host of the lab" };
        member.CompletionSources.Add(LabChoice.MemberNames);
        Argument<string[]> words = new("command")
        {
            HelpName = "COMMAND",
            Description = "A program of this machine and its arguments, after '--'",
            Arity = ArgumentArity.OneOrMore,
        };
        WeftCommand command = new(
            "exec",
            "Runs a program inside a pod, on a node or on an outside host; its exit code becomes that of this command.",
            new Example("weft lab exec cni-6vf5d -- ping -c 1 10.0.0.23", "a packet from pod to pod"),
            new Example("weft lab exec cni-6vf5d -- bash", "a shell in the pod"),
            new Example("weft lab exec bpf1 -- tcpdump -ni ens3 -T vxlan udp port 8472", "the overlay on the wire"),
            new Example("weft lab exec bpf1 -- weft status", "as on a machine of its own"),
            new Example("weft lab exec client -- curl http://192.168.2.61:30080", "from outside to a port of a node"));
        command.Add(member);
        command.Add(words);
        factory.SetAction(command, invocation =>
        {
            LabMember target = LabMember.Find(LabChoice.Existing(invocation), invocation.Parse.GetRequiredValue(member));
            invocation.Output.Flush();
            target.Exec(invocation.Parse.GetRequiredValue(words));
        });
        return command;
    }
}
