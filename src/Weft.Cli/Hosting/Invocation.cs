using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Weft.Api;
using Weft.Cli.Output;
using Weft.Cli.Targets;

namespace Weft.Cli.Hosting;

/// <summary>One run of one command: its words, where it writes to, and the node that it is about.</summary>
internal sealed class Invocation(ParseResult parse, GlobalOptions options, CliHost host)
{
    public ParseResult Parse => parse;

    public TextWriter Output => host.Output;

    public TextWriter Error => host.Error;

    public TimeProvider Clock => host.Clock;

    public bool AsJson => parse.GetValue(options.Output) == "json";

    /// <summary>Null where the command line names none.</summary>
    public string? Lab => parse.GetValue(options.Lab);

    public Target Target => new TargetResolver(host).Resolve(new TargetRequest(
        parse.GetValue(options.Lab), parse.GetValue(options.Node), parse.GetValue(options.Socket), parse.GetValue(options.BpfRoot)));

    public AgentClient OpenAgent() => new(Target.SocketPath);

    public void WriteJson<T>(T value, JsonTypeInfo<T> type) => JsonOutput.Write(Output, value, type);
}
