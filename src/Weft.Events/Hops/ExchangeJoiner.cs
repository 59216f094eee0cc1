namespace Weft.Events.Hops;

/// <summary>Finds in what nodes see of running traffic the packets whose way is over, each with the one that came back for it.</summary>
/// <remarks>Not thread-safe. Memory is bounded: of more traffic than it holds the oldest is forgotten, and counted.</remarks>
/// <param name="answerTime">How long a packet that has arrived waits for one that comes back.</param>
public sealed class ExchangeJoiner(TimeSpan answerTime, TimeProvider clock)
{
    /// <summary>A packet that nobody saw for this long is where it goes to: records of several nodes come together in less.</summary>
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(200);

    private const int MostSightings = 50_000;

    private readonly List<Sighting> _seen = [];
    private readonly Dictionary<(FlowKey Flow, PacketIdentity Identity), long> _told = [];
    private long _newest = long.MinValue;
    private long _begin = long.MinValue;
    private long _newestCame;

    /// <summary>Sightings that were forgotten before their packet's way was over.</summary>
    public ulong Forgotten { get; private set; }

    /// <summary>How the nodes' clocks were brought together, at the last call of <see cref="Take"/>.</summary>
    public ClockAlignment Clocks { get; private set; } = ClockAlignment.Of([], new Dictionary<string, string>());

    public void Add(Sighting seen)
    {
        ArgumentNullException.ThrowIfNull(seen);
        if (_seen.Count == MostSightings)
        {
            Forgotten += MostSightings / 4;
            _seen.RemoveRange(0, MostSightings / 4);
        }

        _seen.Add(seen);
        _newestCame = clock.GetTimestamp();
    }

    /// <summary>
    /// Packets whose way is over and of which this has not told yet: each as the ways of the packet, of the answer if there is one, and of
    /// errors about it.
    /// </summary>
    /// <param name="bootIds">By node: equal ones have one clock.</param>
    public IReadOnlyList<IReadOnlyList<PacketWay>> Take(IReadOnlyDictionary<string, string> bootIds)
    {
        if (_seen.Count == 0)
        {
            return [];
        }

        Clocks = ClockAlignment.Of(_seen, bootIds);
        _begin = _begin == long.MinValue ? _seen.Min(Clocks.Align) : _begin;
        _newest = Math.Max(_newest, _seen.Max(Clocks.Align));
        long now = _newest + (long)clock.GetElapsedTime(_newestCame).TotalNanoseconds - _begin;
        List<List<PacketWay>> over = [];
        foreach (IReadOnlyList<PacketWay> conversation in HopJoiner.JoinAll(_seen, Clocks, _begin))
        {
            over.AddRange(Pair(conversation).Where(exchange => IsOver(exchange, now) && Tell(exchange, now)));
        }

        Forget(now);
        return [.. over.OrderBy(exchange => exchange[0].Hops[0].Time)];
    }

    /// <summary>False: it was told of before, perhaps when more of it was known.</summary>
    private bool Tell(List<PacketWay> exchange, long now)
    {
        if (_told.ContainsKey(KeyOf(exchange[0].Hops[0])))
        {
            return false;
        }

        foreach (Hop hop in exchange.SelectMany(way => way.Hops))
        {
            _told[KeyOf(hop)] = now;
        }

        return true;
    }

    private static (FlowKey, PacketIdentity) KeyOf(Hop hop) => (hop.Seen.Facts.Flow!, PacketIdentity.Of(hop.Seen)!);

    /// <summary>Gives each packet the first that came back after it. One that comes back for nothing is a packet too.</summary>
    private static IEnumerable<List<PacketWay>> Pair(IReadOnlyList<PacketWay> conversation)
    {
        List<PacketWay> answers = [.. conversation.Where(way => way.Direction == WayDirection.Reply)];
        foreach (PacketWay request in conversation.Where(way => way.Direction == WayDirection.Request))
        {
            List<PacketWay> exchange = [request];
            PacketWay? answer = answers.FirstOrDefault(way => way.Hops[0].Time > request.Hops[0].Time && Answers(way, request));
            if (answer is not null)
            {
                answers.Remove(answer);
                exchange.Add(answer);
            }

            exchange.AddRange(conversation.Where(way => way.Direction == WayDirection.ErrorAboutRequest && IsAbout(way, request)));
            yield return exchange;
        }

        foreach (PacketWay answer in answers)
        {
            yield return
            [
                answer with { Direction = WayDirection.Request },
                .. conversation.Where(way => way.Direction == WayDirection.ErrorAboutReply && IsAbout(way, answer))
                    .Select(error => error with { Direction = WayDirection.ErrorAboutRequest }),
            ];
        }
    }

    /// <summary>Echo has a number for both; of others the next packet is as good an answer as any.</summary>
    private static bool Answers(PacketWay answer, PacketWay request) =>
        request.Packet.EchoSequence is null || request.Packet.EchoSequence == answer.Packet.EchoSequence;

    private static bool IsAbout(PacketWay error, PacketWay packet) =>
        PacketIdentity.Of(error.Hops[0].Seen) is { } about && PacketIdentity.Of(packet.Hops[0].Seen) is { } of && (about.Protocol, about.Number) == (of.Protocol, of.Number);

    private bool IsOver(List<PacketWay> exchange, long now)
    {
        double last = exchange.Max(way => way.Last.Time);
        bool waits = exchange is [{ Drop: null }];
        return now - last >= (waits ? answerTime : s_quiet).TotalNanoseconds;
    }

    /// <summary>What is older than any packet that still waits.</summary>
    private void Forget(long now)
    {
        long horizon = now - (long)(2 * answerTime + s_quiet).TotalNanoseconds;
        _seen.RemoveAll(seen => Clocks.Align(seen) - _begin < horizon);
        foreach ((FlowKey, PacketIdentity) key in _told.Where(told => told.Value < horizon - (long)answerTime.TotalNanoseconds).Select(told => told.Key).ToList())
        {
            _told.Remove(key);
        }
    }
}
