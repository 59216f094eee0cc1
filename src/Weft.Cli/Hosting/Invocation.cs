using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Weft.Api;
using Weft.Cli.Output;
using Weft.Bpf.Maps;
using Weft.Cli.Targets;
using Weft.Datapath.Pinning;

namespace Weft.Cli.Hosting;

/// <summary>One run of one command: its words, where it writes to, and the node that it is about.</summary>
internal sealed class Invocation(ParseResult parse, GlobalOptions options, CliHost host)
{
    public ParseResult Parse => parse;

    public TextWriter Output => host.Output;

    public TextWriter Error => host.Error;

    public TimeProvider Clock => host.Clock;

    public CliHost Host => host;

    public bool AsJson => parse.GetValue(options.Output) == "json";

    /// <summary>Null where the command line names none.</summary>
    public string? Lab => parse.GetValue(options.Lab);

    /// <summary>Null where the command line names none.</summary>
    public string? Socket => Sockets.LastOrDefault();

    public Target Target => new TargetResolver(host).Resolve(Request);

    private string[] Sockets => parse.GetValue(options.Socket) ?? [];

    private TargetRequest Request => new(parse.GetValue(options.Lab), parse.GetValue(options.Node) ?? [], Sockets, parse.GetValue(options.BpfRoot));

    /// <summary>Every node that can be asked from here: of the lab that is meant all nodes, else the one node that <see cref="Target"/> is.</summary>
    public (string? Lab, IReadOnlyList<(string Name, string Socket)> Nodes) AllTargets() => new TargetResolver(host).ResolveAll(Request);

    public AgentClient OpenAgent() => new(Target.SocketPath);

    /// <summary>One of the agents that are meant, for what is the whole cluster's and any of them does.</summary>
    public AgentClient OpenAnyAgent() => new(AllTargets().Nodes[0].Socket);

    /// <summary>One of the node's maps, whether or not its agent runs.</summary>
    public BpfMap<TKey, TValue> OpenMap<TKey, TValue>(string name)
        where TKey : unmanaged
        where TValue : unmanaged
        => BpfMap.OpenPinned<TKey, TValue>(PinOf(name));

    public PerCpuMap<TKey, TValue> OpenPerCpuMap<TKey, TValue>(string name)
        where TKey : unmanaged
        where TValue : unmanaged
        => BpfMap.OpenPinnedPerCpu<TKey, TValue>(PinOf(name));

    /// <summary>Writes text that is UTF-8 already, after what <see cref="Output"/> still holds, and lets the reader have it.</summary>
    public async Task WriteBytesAsync(ReadOnlyMemory<byte> utf8)
    {
        await host.Output.FlushAsync();
        host.Output.BaseStream.Write(utf8.Span);
    }

    public void WriteJson<T>(T value, JsonTypeInfo<T> type) => JsonOutput.Write(Output, value, type);

    private string PinOf(string map)
    {
        string path = new BpfRoot(Target.BpfRoot).Map(map);
        return Path.Exists(path)
            ? path
            : throw new FileNotFoundException(
                $"open map {map}, on {path}: no such pin (has an agent been started on this node? its maps stay when it ends)");
    }
}
