using System.Globalization;
using Weft.Api.Policies;
using Weft.Cli.Output;

namespace Weft.Cli.Policies;

/// <summary>Says in words why flows are allowed or denied.</summary>
internal sealed class PolicyWhyText(TextWriter output)
{
    public void Write(IReadOnlyList<PolicyFlowVerdict> flows)
    {
        if (flows is [{ Service: { } service }, ..])
        {
            output.WriteLine($"service {service}: {(flows.Count == 1 ? "all backends are the same to policy" : $"policy tells {flows.Count} kinds of backends apart")}");
        }

        foreach (PolicyFlowVerdict flow in flows)
        {
            Write(flow);
        }
    }

    public void Write(PolicyLastDenial last, TimeProvider clock)
    {
        string endpoint = last.Name == last.Endpoint.ToString(CultureInfo.InvariantCulture) ? $"endpoint {last.Endpoint}" : $"endpoint {last.Endpoint} ({last.Name})";
        if (last.Denial is not { } denial)
        {
            output.WriteLine(
                $"{endpoint}: policy has denied it nothing that the agent heard of since {Time(last.Since)} (denials are told while DropNotification is Enabled, see 'weft config')");
            return;
        }

        output.WriteLine(
            $"{endpoint}: {(denial.IsAudited ? "would have been denied, but is audited" : "denied")} at {denial.Direction}, "
                + $"{Durations.Ago(denial.Time, clock)} ({Time(denial.Time)}): {denial.Source} -> {denial.Destination} {denial.Now.Protocol}"
                + (denial.IsRevised ? ", of a flow that was there before the policy changed" : ""));
        output.WriteLine($"  {Decision(denial)}");
        output.WriteLine("with the policies that are there now:");
        Write(denial.Now);
    }

    /// <summary><c>shop/front -> shop/db 5432/TCP</c>.</summary>
    public static string FlowOf(PolicyFlowVerdict flow) => $"{flow.Source.Name} -> {flow.Destination.Name} {Port(flow)}";

    private void Write(PolicyFlowVerdict flow)
    {
        output.WriteLine($"{(flow.IsAllowed ? "allowed" : "denied")}: {Describe(flow.Source)} -> {Describe(flow.Destination)} {Port(flow)}");
        Write("egress", flow.Source, flow.Egress);
        Write("ingress", flow.Destination, flow.Ingress);
        if (flow.Suggestion is { } document)
        {
            output.WriteLine("  to allow exactly this, apply ('--suggest' prints it alone):");
            foreach (string line in document.TrimEnd('\n').Split('\n'))
            {
                output.WriteLine($"    {line}");
            }
        }
        else if (flow.NoSuggestion is { } reason)
        {
            output.WriteLine($"  {reason}");
        }
    }

    private void Write(string direction, PolicyFlowEnd end, PolicySide side)
    {
        output.WriteLine($"  {direction} of {end.Name}: {side.Reason}{(side.IsAudited ? "; it is audited, so the packets pass" : "")}");
        if (side.Nearest is { } nearest)
        {
            output.WriteLine($"    nearest rule: {nearest.Rule}");
            foreach (PolicyDifference difference in nearest.Differences)
            {
                output.WriteLine($"      {difference.Field} is {difference.Actual}, {difference.Place.Path} (line {difference.Place.Line}) wants {difference.Written}");
            }
        }
    }

    private static string Decision(PolicyDenial denial) => denial switch
    {
        { Rule: { } rule } => $"denied by {rule}",
        { RuleNumber: not 0 } => $"denied by a rule that is gone (number {denial.RuleNumber})",
        _ => "denied by default: no rule allowed it",
    };

    private static string Describe(PolicyFlowEnd end)
    {
        string identity = string.Create(CultureInfo.InvariantCulture, $"identity {end.Identity}");
        string?[] details = [end.Name == identity ? null : identity, end.Address == end.Name ? null : end.Address, end.Node is null ? null : $"on {end.Node}"];
        string text = string.Join(", ", details.OfType<string>());
        return text.Length == 0 ? end.Name : $"{end.Name} ({text})";
    }

    private static string Port(PolicyFlowVerdict flow) => flow.Protocol.StartsWith("ICMP", StringComparison.Ordinal)
        ? string.Create(CultureInfo.InvariantCulture, $"type {flow.Port}/{flow.Protocol}")
        : string.Create(CultureInfo.InvariantCulture, $"{flow.Port}/{flow.Protocol}");

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
