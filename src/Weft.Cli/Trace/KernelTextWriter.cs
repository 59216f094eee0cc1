using System.Globalization;
using Weft.Abi;
using Weft.Events.Hops;

namespace Weft.Cli.Trace;

/// <summary>A line for people, with the columns that were asked for.</summary>
internal sealed class KernelTextWriter(TextWriter output, KernelOptions options, TimeProvider clock) : IKernelWriter
{
    private const int MostPackets = 4096;

    private readonly Dictionary<(string Node, ulong Skb), ulong> _before = [];

    public void Begin() => WriteLine("TIME", ["NODE", "SKB", "CPU", "PROCESS"], ["NETNS", "MARK", "IFACE", "LEN"], "TUPLE", "FUNC");

    public void Write(Sighting seen, string function)
    {
        WriteLine(
            TimeOf(seen),
            [
                seen.Node, seen.Skb == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"0x{seen.Skb:x}"), seen.Cpu.ToString(CultureInfo.InvariantCulture),
                seen.Process ?? "",
            ],
            [
                NamespaceOf(seen), string.Create(CultureInfo.InvariantCulture, $"0x{seen.Mark:x}"), seen.Device ?? seen.Program?.Device ?? "",
                seen.Length.ToString(CultureInfo.InvariantCulture),
            ],
            seen.Facts.ToString(),
            function);
        if (options.Skb && seen.Fields is { } fields)
        {
            output.WriteLine($"    {KernelSkb.Describe(seen, fields)}");
        }

        foreach (string frame in options.Stack ? seen.Stack : [])
        {
            output.WriteLine($"    {frame}");
        }
    }

    private static string NamespaceOf(Sighting seen) => seen.Namespace switch
    {
        null when seen.NamespaceInode != 0 => seen.NamespaceInode.ToString(CultureInfo.InvariantCulture),
        null => "?",
        "" => "node",
        _ => seen.Namespace,
    };

    private string TimeOf(Sighting seen)
    {
        if (options.Times == KernelTimes.Current)
        {
            return clock.GetLocalNow().ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
        }

        ulong nanoseconds = options.Times == KernelTimes.Relative ? SinceBefore(seen) : seen.Time;
        return string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e9:0.000000}");
    }

    /// <summary>0: it was not seen before, or is no packet that is known by its address.</summary>
    private ulong SinceBefore(Sighting seen)
    {
        if (seen.Skb == 0)
        {
            return 0;
        }

        if (_before.Count >= MostPackets)
        {
            _before.Clear();
        }

        ulong since = _before.TryGetValue((seen.Node, seen.Skb), out ulong before) && before <= seen.Time ? seen.Time - before : 0;
        _before[(seen.Node, seen.Skb)] = seen.Time;
        if (seen.Point is HopPoint.Drop or HopPoint.Consumed)
        {
            _before.Remove((seen.Node, seen.Skb));
        }

        return since;
    }

    private void WriteLine(string time, ReadOnlySpan<string> packet, ReadOnlySpan<string> meta, string tuple, string function)
    {
        string first = options.Times == KernelTimes.None ? "" : $"{time,-15} ";
        string middle = options.Meta ? $"{meta[0],-20} {meta[1],-10} {meta[2],-16} {meta[3],6} " : "";
        string ends = options.Tuple ? $"{tuple,-60} " : "";
        output.WriteLine($"{first}{packet[0],-6} {packet[1],-18} {packet[2],3} {packet[3],-24} {middle}{ends}{function}".TrimEnd());
    }
}
