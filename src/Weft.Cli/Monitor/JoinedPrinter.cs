using System.Buffers;
using System.Text;
using Weft.Cli.Output;
using Weft.Events;

namespace Weft.Cli.Monitor;

/// <summary>Prints packets that are done: one line each.</summary>
internal sealed class JoinedPrinter(MonitorOptions options, MonitorWorld world, TimeProvider clock)
{
    private readonly PacketJoiner _joiner = new(clock);
    private readonly Painter _painter = new(options.Color && !options.Json);

    /// <summary>Notes one event of a node.</summary>
    public void Add(MonitorNode node, MonitorFrame frame)
    {
        if (node.Sightings.Read(frame) is { } sighting)
        {
            _joiner.Add(sighting);
        }
    }

    public void Learn(MonitorNode node, MonitorFrame names)
    {
        _ = node.Sightings.Read(names);
        _joiner.LearnBootId(node.Name, node.Sightings.BootId);
    }

    /// <returns>How many were printed.</returns>
    public int Print(IReadOnlyList<MonitorNode> nodes, bool all, int most, IBufferWriter<byte> output)
    {
        int printed = 0;
        foreach (JoinedPacket packet in _joiner.Take(all).Take(most))
        {
            EventClock time = nodes.First(node => node.Name == packet.Seen[0].Node).Clock;
            printed++;
            if (options.Json)
            {
                JoinedPacketJson.Write(packet, world.NameOf, time, output);
                continue;
            }

            string when = options.Times ? $"{time.ToUtc(packet.Seen[0].Time):yyyy-MM-ddTHH:mm:ss.ffffffZ} " : "";
            _painter.Write(Encoding.UTF8.GetBytes($"{when}{JoinedPacketText.Line(packet, world.NameOf)}"), PaintOf(packet), default, output);
        }

        return printed;
    }

    private static Paint PaintOf(JoinedPacket packet)
    {
        bool isDropped = packet.Seen.Any(seen => seen.Program?.Drop is not null);
        return isDropped ? Paint.Bad : packet.IsFinished ? Paint.Good : Paint.Warning;
    }
}
