using System.CommandLine;
using System.CommandLine.Parsing;
using Weft.Control.Operating;

namespace Weft.Agent.Options;

/// <summary>The options about what is done once for the whole cluster. Nobody must give one.</summary>
internal sealed class OperatorArguments
{
    public Option<bool> Operator { get; } = new("--operator")
    {
        Description = "Take part in what one does for the whole cluster, weft-operator or an agent: pod CIDRs for nodes, removal of unused identities",
        HelpName = "true|false",
        Arity = ArgumentArity.ExactlyOne,
        DefaultValueFactory = _ => true,
        CustomParser = ParseSwitch,
    };

    public Option<string> Pool { get; } = new("--cluster-pool")
    {
        Description = "What nodes without a --pod-cidr get theirs from, the same for all that take part",
        HelpName = "PREFIX[,PREFIX]",
        DefaultValueFactory = _ => OperatorSettings.DefaultPools,
    };

    public Option<int> Mask { get; } = new("--cluster-pool-mask")
    {
        Description = "Prefix length of a node's IPv4 part of the pool; an IPv6 part is a /64",
        HelpName = "LENGTH",
        DefaultValueFactory = _ => OperatorSettings.DefaultMask,
    };

    private static bool ParseSwitch(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (!bool.TryParse(text, out bool on))
        {
            result.AddError($"--operator '{text}': give true or false");
        }

        return on;
    }
}
