using System.Buffers.Binary;
using System.IO.Hashing;
using System.Net;
using Weft.Model.Services;

namespace Weft.Services.Tests;

public sealed class MaglevTableTests
{
    [Fact]
    public void The_table_does_what_the_papers_pseudocode_does()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        int[] primes = [2, 3, 7, 13, 251, 2039];
        for (int round = 0; round < 300; round++)
        {
            int size = primes[random.Next(primes.Length)];
            List<Backend> backends = [.. Backends(random, random.Next(1, 40))];

            Backend[] expected = Paper(backends, size);

            Assert.True(
                expected.SequenceEqual(MaglevTable.Build(backends, size).Select(index => backends[index])),
                $"seed {seed}, round {round}: {backends.Count} backends in {size} slots");
        }
    }

    [Fact]
    public void The_order_of_the_input_does_not_matter()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        Backend[] backends = [.. Backends(random, 50)];
        Backend[] before = Slots(backends);

        random.Shuffle(backends);

        Assert.True(before.SequenceEqual(Slots(backends)), $"seed {seed}");
    }

    /// <summary>Every node and every version must fill it alike: connections move between nodes.</summary>
    [Fact]
    public void The_table_of_given_backends_never_changes()
    {
        Backend[] backends = [.. Enumerable.Range(1, 3).Select(i => new Backend(IPAddress.Parse($"10.0.1.{i}"), 8080, TransportProtocol.Tcp))];

        Assert.Equal("1000212010021211000122201011222", string.Concat(MaglevTable.Build(backends, 31)));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(100)]
    public void Every_backend_has_its_share_and_little_moves_when_one_goes(int count)
    {
        int seed = Random.Shared.Next();
        Backend[] backends = [.. Backends(new Random(seed), count)];
        Backend[] before = Slots(backends);
        int[] shares = [.. before.CountBy(backend => backend).Select(share => share.Value)];
        Assert.Equal(count, shares.Length);
        Assert.InRange(shares.Max() - shares.Min(), 0, 1);

        double worst = 0;
        foreach (Backend gone in backends.Take(10))
        {
            Backend[] after = Slots([.. backends.Where(backend => backend != gone)]);
            int moved = before.Zip(after).Count(pair => pair.First != gone && pair.First != pair.Second);
            worst = Math.Max(worst, (double)moved / before.Length);
        }

        TestContext.Current.SendDiagnosticMessage($"{count} backends: {worst:P2} of the slots moved needlessly when one went");
        Assert.True(worst < 0.03, $"seed {seed}, {count} backends: {worst:P2} of the slots moved though their backend stayed");
    }

    [Fact]
    public void More_backends_than_slots_leave_some_without()
    {
        Backend[] backends = [.. Backends(new Random(1), 20)];

        Assert.Equal(7, MaglevTable.Build(backends, 7).Distinct().Count());
        Assert.Empty(MaglevTable.Build([]));
    }

    private static Backend[] Slots(Backend[] backends) => [.. MaglevTable.Build(backends).Select(index => backends[index])];

    private static HashSet<Backend> Backends(Random random, int count)
    {
        HashSet<Backend> backends = [];
        while (backends.Count < count)
        {
            byte[] address = new byte[random.Next(4) == 0 ? 16 : 4];
            random.NextBytes(address);
            backends.Add(new Backend(
                new IPAddress(address), (ushort)random.Next(1, 65536), random.Next(2) == 0 ? TransportProtocol.Tcp : TransportProtocol.Udp));
        }

        return backends;
    }

    /// <summary>Listing 1 of the paper, with the whole permutation of every backend written out.</summary>
    private static Backend[] Paper(List<Backend> input, int m)
    {
        List<Backend> backends = [.. input.OrderBy(backend => Convert.ToHexString(Bytes(backend)), StringComparer.Ordinal)];
        int n = backends.Count;
        var permutation = new int[n][];
        for (int i = 0; i < n; i++)
        {
            byte[] hash = XxHash128.Hash(Bytes(backends[i]));
            var offset = (int)(BinaryPrimitives.ReadUInt64BigEndian(hash) % (ulong)m);
            int skip = (int)(BinaryPrimitives.ReadUInt64BigEndian(hash.AsSpan(8)) % (ulong)(m - 1)) + 1;
            permutation[i] = [.. Enumerable.Range(0, m).Select(j => (int)((offset + ((long)j * skip)) % m))];
        }

        int[] next = new int[n];
        var entry = new Backend?[m];
        int filled = 0;
        while (true)
        {
            for (int i = 0; i < n; i++)
            {
                int c = permutation[i][next[i]];
                while (entry[c] is not null)
                {
                    next[i]++;
                    c = permutation[i][next[i]];
                }

                entry[c] = backends[i];
                next[i]++;
                if (++filled == m)
                {
                    return [.. entry.Select(backend => backend!.Value)];
                }
            }
        }
    }

    private static byte[] Bytes(Backend backend) =>
        [.. backend.Address.MapToIPv6().GetAddressBytes(), (byte)(backend.Port >> 8), (byte)backend.Port, (byte)backend.Protocol];
}
