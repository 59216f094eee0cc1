using System.CommandLine;
using System.CommandLine.Parsing;
using Weft.Control.Policy;
using Weft.Model.Labels;

namespace Weft.Agent.Options;

/// <summary>The options that say who is under policy. Nobody must give one.</summary>
internal sealed class PolicyArguments
{
    public Option<PolicySettings?> Enforcement { get; } = new("--enable-policy")
    {
        Description = "When pods are under policy: default (those that a policy selects), always or never; or for each direction, as in "
            + "'ingress=always,egress=default'",
        HelpName = "MODE",
        DefaultValueFactory = _ => new PolicySettings(),
        CustomParser = ParseEnforcement,
    };

    public Option<bool> Audit { get; } = new("--policy-audit-mode") { Description = "Drop nothing because of policy: what would be dropped is only told" };

    public Option<bool> HostFirewall { get; } = new("--enable-host-firewall") { Description = "Put the node itself under the policies that select nodes" };

    public PolicySettings Read(ParseResult parsed) =>
        parsed.GetRequiredValue(Enforcement)! with { IsAudited = parsed.GetValue(Audit), HasHostFirewall = parsed.GetValue(HostFirewall) };

    private static PolicySettings? ParseEnforcement(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (!EnforcementText.TryParse(text, new PolicySettings(), out PolicySettings settings))
        {
            result.AddError($"--enable-policy '{Printable.Excerpt(text)}': one of {EnforcementText.Words}, or ingress=MODE,egress=MODE");
            return null;
        }

        return settings;
    }
}
