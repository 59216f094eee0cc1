using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Weft.Netlink.Netfilter;
using Weft.Netlink.Netfilter.Tracing;
using Weft.Tests.Shared;
using TraceFilter = Weft.Netlink.Netfilter.Tracing.TraceFilter;

namespace Weft.Netlink.Tests.Netfilter;

/// <summary>A namespace with loopback traffic that is traced by Weft and by <c>nft monitor trace</c> at the same time.</summary>
internal sealed partial class TracedNode : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly List<IDisposable> _owned = [];

    public TracedNode()
    {
        Tool.Run("ip", "-n", Namespace.Name, "link", "set", "lo", "up");
    }

    public TestNamespace Namespace { get; } = TestNamespace.Create("traced");

    public void Load(string ruleset) => Nft.Load(Namespace, ruleset);

    public Listener Trace(TraceFilter filter)
    {
        Listener listener = new(this, filter);
        _owned.Add(listener);
        return listener;
    }

    /// <summary>Sends datagrams to the loopback, in or out of whose way the rules are.</summary>
    public void Send(int port, int count = 1, string address = "127.0.0.1")
    {
        IPAddress to = IPAddress.Parse(address);
        using Socket socket = Namespace.Run(() => new Socket(to.AddressFamily, SocketType.Dgram, ProtocolType.Udp));
        for (int sent = 0; sent < count; sent++)
        {
            try
            {
                socket.SendTo([1, 2, 3, 4], new IPEndPoint(to, port));
            }
            catch (SocketException)
            {
                // The rules refused it, or nobody listens.
            }
        }
    }

    /// <summary>Sends a datagram as a server would, from the port that it is called at.</summary>
    public void Answer(int port, string from)
    {
        using Socket socket = Namespace.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), port));
        socket.SendTo([4, 3, 2, 1], new IPEndPoint(IPAddress.Loopback, 9));
    }

    /// <summary>Steps of <c>nft monitor trace</c>, in the same words as <see cref="Listener.Words"/>.</summary>
    public NftMonitor StartNft()
    {
        NftMonitor monitor = new(Namespace);
        _owned.Add(monitor);
        return monitor;
    }

    public static TraceFilter Udp(int port) => new() { Protocol = 17, DestinationPort = (ushort)port };

    public void Dispose()
    {
        _end.Cancel();
        _owned.ForEach(static owned => owned.Dispose());
        Namespace.Dispose();
        _end.Dispose();
    }

    /// <summary>Weft's trace; keeps what it heard.</summary>
    internal sealed class Listener : IDisposable
    {
        private readonly TraceMonitor _monitor;
        private readonly NetfilterTables _tables;
        private readonly TraceCollator _collator;
        private readonly List<(long Packet, TraceStep Step, string? Rule)> _steps = [];
        private readonly CancellationTokenSource _end = new();
        private readonly Task _reading;

        public Listener(TracedNode node, TraceFilter filter)
        {
            _tables = NetfilterTables.Open(node.Namespace.Handle);
            _monitor = TraceMonitor.Open(node.Namespace.Handle);
            Table = TraceTable.Create(filter, node.Namespace.Handle);
            _collator = new TraceCollator(Table.Name);
            _reading = Task.Run(ReadAsync);
        }

        public TraceTable Table { get; }

        public IReadOnlyList<(long Packet, TraceStep Step, string? Rule)> Steps
        {
            get
            {
                lock (_steps)
                {
                    return [.. _steps];
                }
            }
        }

        /// <summary>Waits for a step.</summary>
        public void Until(Func<TraceStep, bool> last, int times = 1) =>
            Eventually.Passes(() => Assert.True(Steps.Count(step => last(step.Step)) >= times, string.Join('\n', Words)));

        /// <summary><c>inet t c rule TEXT (verdict drop)</c>.</summary>
        public IEnumerable<string> Words => Steps.Select(step => step.Step.Type switch
        {
            TraceStepType.Rule => $"{Place(step.Step)} rule {step.Rule} (verdict {step.Step.Verdict})",
            TraceStepType.Policy => $"{Place(step.Step)} policy {step.Step.Verdict}",
            _ => $"{Place(step.Step)} return",
        });

        public void Dispose()
        {
            _end.Cancel();
            try
            {
                _reading.Wait();
            }
            catch (AggregateException)
            {
                // cancelled
            }

            Table.Dispose();
            _monitor.Dispose();
            _tables.Dispose();
            _end.Dispose();
        }

        private async Task ReadAsync()
        {
            await foreach (TraceStep? step in _monitor.ReadAsync(_end.Token))
            {
                if (step is not null && _collator.Add(step) is { } packet && !_collator.IsBeginning(step))
                {
                    string? rule = step.Type == TraceStepType.Rule
                        ? _tables.FindRule(step.Family, step.Table, step.Chain, step.RuleHandle)?.Text
                        : null;
                    lock (_steps)
                    {
                        _steps.Add((packet, step, rule));
                    }
                }
            }
        }

        private static string Place(TraceStep step) => $"{step.Family.ToWord()} {step.Table} {step.Chain}";
    }

    /// <summary>The program that people use, at the same packets.</summary>
    internal sealed partial class NftMonitor : IDisposable
    {
        private readonly Process _process;
        private readonly List<string> _lines = [];

        public NftMonitor(TestNamespace where)
        {
            ProcessStartInfo start = new("ip", ["netns", "exec", where.Name, "stdbuf", "-oL", "nft", "monitor", "trace"])
            {
                RedirectStandardOutput = true,
            };
            _process = Process.Start(start)!;
            _process.OutputDataReceived += (_, line) =>
            {
                lock (_lines)
                {
                    _lines.Add(line.Data ?? "");
                }
            };
            _process.BeginOutputReadLine();
        }

        /// <summary>Without the packets' headers, and without the tables of traces.</summary>
        public IReadOnlyList<string> Words
        {
            get
            {
                lock (_lines)
                {
                    return
                    [
                        .. _lines.Select(line => Line().Match(line)).Where(match => match.Success).Select(match => WithoutState(match.Groups[1].Value))
                            .Where(text => !text.Contains(" packet: ", StringComparison.Ordinal)
                                && !text.Contains(TraceTable.NamePrefix, StringComparison.Ordinal)),
                    ];
                }
            }
        }

        public bool HasAny
        {
            get
            {
                lock (_lines)
                {
                    return _lines.Count > 0;
                }
            }
        }

        public void Dispose()
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            _process.Dispose();
        }

        /// <summary>Weft gives neither the numbers of counters nor, in the line of a policy, the mark.</summary>
        private static string WithoutState(string text) => PolicyMark().Replace(Counters().Replace(text, "counter"), "$1").Trim();

        [GeneratedRegex("( policy [a-z]+) meta mark 0x[0-9a-f]+")]
        private static partial Regex PolicyMark();

        [GeneratedRegex(@"^trace id [0-9a-f]+ (.*)$")]
        private static partial Regex Line();

        [GeneratedRegex("counter packets [0-9]+ bytes [0-9]+")]
        private static partial Regex Counters();
    }
}
