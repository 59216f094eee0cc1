using System.Collections.Immutable;
using Weft.Control.Controllers;
using Weft.Control.Operating;
using Weft.Control.State;
using Weft.Model.Addressing;

namespace Weft.Control.Node;

/// <content>What a node does for its cluster, and what the cluster does for it.</content>
public sealed partial class NodeAgent
{
    private static readonly TimeSpan s_longestOperatorPause = TimeSpan.FromSeconds(10);

    /// <remarks>Before this node asks for anything: it may be the only one that could answer.</remarks>
    private void StartOperator(NodeSettings settings)
    {
        if (settings.Operator is { } operating)
        {
            OperatorDuties duties = new(Store, operating, _clock, _loggers);
            Controllers.Start(new ControllerSpec("operator", duties.RunAsync) { RetryMax = s_longestOperatorPause });
        }
    }

    /// <returns>The settings with the node's ranges: those that a person gave, or those of the cluster's pool.</returns>
    private async Task<NodeSettings> SettleRangesAsync(NodeSettings settings, StateDirectory state, CancellationToken cancellationToken)
    {
        if (settings.PodCidr is not null)
        {
            return settings;
        }

        NodeState? before = NodeStateReader.Read(state);
        ImmutableArray<PodCidr> had = [.. new[] { before?.PodCidr, before?.PodCidr6 }.OfType<PodCidr>()];
        ImmutableArray<PodCidr> ranges = await new PodCidrRequest(Store, settings.Cluster, settings.Name, _clock)
            .ObtainAsync(settings.Address6 is not null, had, cancellationToken).ConfigureAwait(false);
        return settings with
        {
            PodCidr = ranges.First(range => range.IsIPv4),
            PodCidr6 = settings.Address6 is null ? null : ranges.First(range => !range.IsIPv4),
        };
    }
}
