using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Weft.Model.Addressing;
using Weft.Model.Json;
using Weft.Model.Nodes;
using Weft.Store;
using Weft.Store.Following;
using Weft.Store.Layout;

namespace Weft.Control.Operating;

/// <summary>Answers nodes that ask for pod CIDRs, from the cluster's pools; no two get what overlaps.</summary>
/// <remarks>For a leader only: what is free is found by looking at all, so that two at once would give one range twice.</remarks>
public sealed partial class PodCidrAssigner(IStore store, ClusterName cluster, ImmutableArray<PodCidrPool> pools, ILoggerFactory loggers)
{
    private readonly ILogger _log = loggers.CreateLogger<PodCidrAssigner>();

    /// <summary>Answers what is asked now and from now on, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Revision seen = await AnswerAsync(cancellationToken).ConfigureAwait(false);
            // Claims that go make room for those that could not be answered.
            await foreach (StoreChange change in store.WatchAsync(StoreKeys.PodCidrClaims(cluster), seen, cancellationToken).ConfigureAwait(false))
            {
                if (change.Entry is null || (Read(change.Entry) is { IsAnswered: false, Problem: null }))
                {
                    break;
                }
            }
        }
    }

    private async Task<Revision> AnswerAsync(CancellationToken cancellationToken)
    {
        StoreSnapshot claims = await store.ListAsync(StoreKeys.PodCidrClaims(cluster), cancellationToken).ConfigureAwait(false);
        List<(StoreEntry Entry, PodCidrClaim Claim)> open =
            [.. claims.Entries.Select(entry => (Entry: entry, Claim: Read(entry)!)).Where(c => c.Claim is { IsAnswered: false })];
        if (open.Count == 0)
        {
            return claims.Revision;
        }

        List<IPNetwork> taken = [.. claims.Entries.Select(Read).OfType<PodCidrClaim>().SelectMany(c => c.PodCidrs).Select(c => c.Network)];
        foreach (StoreEntry entry in (await store.ListAsync(StoreKeys.Nodes(cluster), cancellationToken).ConfigureAwait(false)).Entries)
        {
            if (RecordReader.TryRead(entry, ModelJsonContext.Default.NodeRecord, out NodeRecord? node, out _))
            {
                taken.AddRange(node.PodCidrs.Select(range => range.Network));
                taken.AddRange(node.Addresses.Select(address => address.AsPrefix()));
            }
        }

        foreach ((StoreEntry entry, PodCidrClaim claim) in open)
        {
            PodCidrClaim answer = Answer(claim, taken);
            taken.AddRange(answer.PodCidrs.Select(range => range.Network));
            if (!answer.Equals(claim))
            {
                byte[] value = JsonSerializer.SerializeToUtf8Bytes(answer, ModelJsonContext.Default.PodCidrClaim);
                PutResult result = await store.PutAsync(
                    new StorePut(entry.Key, value) { Condition = PutCondition.At(entry.Modified) }, cancellationToken).ConfigureAwait(false);
                if (result.Written)
                {
                    string ranges = string.Join(',', answer.PodCidrs);
                    LogAnswered(claim.Node, ranges, answer.Problem);
                }
            }
        }

        return claims.Revision;
    }

    private PodCidrClaim Answer(PodCidrClaim claim, List<IPNetwork> taken)
    {
        var ranges = claim.PodCidrs;
        foreach (bool ipv4 in claim.WantsIPv6 ? (bool[])[true, false] : [true])
        {
            if (ranges.Any(range => range.IsIPv4 == ipv4))
            {
                continue;
            }

            PodCidrPool? pool = pools.FirstOrDefault(pool => pool.IsIPv4 == ipv4);
            if (pool?.FindFree(taken) is not { } free)
            {
                return claim with
                {
                    Problem = pool is null
                        ? $"the operator has no {(ipv4 ? "IPv4" : "IPv6")} pool (give it one by --cluster-pool)"
                        : $"all {pool.Count} parts of pool {pool.Range} are given away (give the operator a larger --cluster-pool, or remove nodes that are gone)",
                };
            }

            ranges = [.. ranges.Append(free).OrderBy(range => range.IsIPv4 ? 0 : 1)];
        }

        return claim with { PodCidrs = ranges, Problem = null };
    }

    private static PodCidrClaim? Read(StoreEntry entry) =>
        RecordReader.TryRead(entry, ModelJsonContext.Default.PodCidrClaim, out PodCidrClaim? claim, out _) ? claim : null;

    [LoggerMessage(EventId = 402, Level = LogLevel.Information, Message = "pod CIDR asked for node={Node} given={Ranges} problem='{Problem}'")]
    private partial void LogAnswered(NodeName node, string ranges, string? problem);
}
