using System.Collections.Immutable;
using System.Text.Json;
using Weft.Datapath;
using Weft.Model.Addressing;
using Weft.Model.Json;
using Weft.Model.Nodes;
using Weft.Store;
using Weft.Store.Following;
using Weft.Store.Layout;

namespace Weft.Control.Operating;

/// <summary>A node's side of <see cref="PodCidrAssigner"/>: asks, and waits for the answer.</summary>
public sealed class PodCidrRequest(IStore store, ClusterName cluster, NodeName node, TimeProvider clock)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <param name="before">What the node had before a restart: it stays its own, also in a store that knows nothing of it.</param>
    /// <exception cref="DatapathException">No operator answered, or it has none to give.</exception>
    public async Task<ImmutableArray<PodCidr>> ObtainAsync(bool ipv6, ImmutableArray<PodCidr> before, CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = new(s_patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            StoreEntry entry = await AskAsync(new PodCidrClaim { Node = node, WantsIPv6 = ipv6, PodCidrs = before }, either.Token)
                .ConfigureAwait(false);
            return await AnswerAsync(entry, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DatapathException(
                $"get a pod CIDR for node {node}: no operator answered within {s_patience.TotalSeconds} s (start weft-operator, or agents with "
                    + "--operator true; or give this node its own by --pod-cidr)");
        }
    }

    private async Task<StoreEntry> AskAsync(PodCidrClaim wish, CancellationToken cancellationToken)
    {
        string key = StoreKeys.PodCidrClaim(cluster, node);
        PutCondition condition = PutCondition.Absent;
        while (true)
        {
            byte[] value = JsonSerializer.SerializeToUtf8Bytes(wish, ModelJsonContext.Default.PodCidrClaim);
            PutResult result = await store.PutAsync(
                new StorePut(key, value) { Condition = condition }, cancellationToken).ConfigureAwait(false);
            if (result.Written)
            {
                return result.Current!;
            }

            PodCidrClaim? there = result.Current is null ? null : Read(result.Current);
            if (there is { IsAnswered: true } && (there.WantsIPv6 || !wish.WantsIPv6))
            {
                return result.Current!;
            }

            // An earlier question, or an answer to a smaller one: asked again, which also takes a problem away that may be gone.
            wish = wish with { PodCidrs = there is null or { PodCidrs.IsEmpty: true } ? wish.PodCidrs : there.PodCidrs };
            condition = result.Current is { } current ? PutCondition.At(current.Modified) : PutCondition.Absent;
        }
    }

    private async Task<ImmutableArray<PodCidr>> AnswerAsync(StoreEntry asked, CancellationToken cancellationToken)
    {
        PodCidrClaim claim = Read(asked)!;
        if (!claim.IsAnswered)
        {
            await foreach (StoreChange change in store.WatchAsync(asked.Key, asked.Modified, cancellationToken).ConfigureAwait(false))
            {
                if (change.Key == asked.Key && change.Entry is { } entry && Read(entry) is { } next && (next.IsAnswered || next.Problem is not null))
                {
                    claim = next;
                    break;
                }
            }
        }

        return claim.Problem is { } problem
            ? throw new DatapathException($"get a pod CIDR for node {node}: {problem}")
            : claim.PodCidrs;
    }

    private static PodCidrClaim? Read(StoreEntry entry) =>
        RecordReader.TryRead(entry, ModelJsonContext.Default.PodCidrClaim, out PodCidrClaim? claim, out _) ? claim : null;
}
