using Weft.Cli.Hosting;
using Weft.Cli.Targets;
using Weft.Cli.Tests.Support;

namespace Weft.Cli.Tests;

public sealed class TargetTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("weft-cli-");

    private string Labs => Path.Combine(_root.FullName, "lab");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void Own_agent_is_meant_where_no_lab_is_up() => Assert.Equal("/nonexistent/weft.sock", Resolve().SocketPath);

    [Fact]
    public void Own_agent_is_meant_where_it_runs_beside_a_lab()
    {
        Lab("default", "bpf1");
        string socket = Path.Combine(_root.FullName, "own.sock");
        File.WriteAllText(socket, "");

        Assert.Equal(socket, Resolve(machine: Machine with { OwnSocket = socket }).SocketPath);
    }

    [Fact]
    public void Node_of_the_only_lab_needs_no_lab_name()
    {
        Lab("default", "bpf1", "bpf2");

        Target target = Resolve(node: "bpf2");

        Assert.Equal(Path.Combine(Labs, "default/nodes/bpf2/run/weft.sock"), target.SocketPath);
        Assert.Equal(Path.Combine(Labs, "default/nodes/bpf2/bpf/weft"), target.BpfRoot);
    }

    [Fact]
    public void Lab_of_one_node_needs_no_node_name()
    {
        Lab("one", "bpf1");

        Assert.Equal(Resolve(lab: "one", node: "bpf1"), Resolve());
    }

    [Fact]
    public void Paths_win_over_everything()
    {
        Lab("default", "bpf1", "bpf2");

        Assert.Equal(new Target("/a.sock", "/nonexistent/bpf"), Resolve(socket: "/a.sock"));
    }

    [Theory]
    [InlineData(null, null, "which node? this machine has no agent of its own; lab 'default' has bpf1, bpf2 (choose with --lab and --node)")]
    [InlineData("default", null, "which node of lab 'default'? it has bpf1, bpf2 (choose with --node)")]
    [InlineData(null, "bpf3", "node 'bpf3' of lab 'default': no such node; it has bpf1, bpf2")]
    [InlineData("other", "bpf1", "lab 'other': it is not up; lab 'default' has bpf1, bpf2 (start it with 'weft lab up')")]
    [InlineData("..", "nodes", "lab '..': it is not up; lab 'default' has bpf1, bpf2 (start it with 'weft lab up')")]
    public void Open_question_names_the_choices(string? lab, string? node, string message)
    {
        Lab("default", "bpf1", "bpf2");

        Assert.Equal(message, Assert.Throws<UsageException>(() => Resolve(lab, node)).Message);
    }

    [Fact]
    public void Two_labs_ask_for_a_lab()
    {
        Lab("a", "bpf1");
        Lab("b", "bpf2");

        Assert.Equal(
            "which lab? lab 'a' has bpf1, lab 'b' has bpf2 (choose with --lab)",
            Assert.Throws<UsageException>(() => Resolve(node: "bpf1")).Message);
    }

    [Fact]
    public void Node_without_a_lab_says_that_none_is_up() => Assert.Equal(
        "--node names a node of a lab, and no lab is up (start one with 'weft lab up')",
        Assert.Throws<UsageException>(() => Resolve(node: "bpf1")).Message);

    [Fact]
    public void Commands_about_one_node_refuse_several()
    {
        Lab("default", "bpf1", "bpf2");
        TargetResolver resolver = new(Machine.ToHost(Stream.Null, TextWriter.Null));

        Assert.Equal(
            "bpf1, bpf2: this command is about one node",
            Assert.Throws<UsageException>(() => resolver.Resolve(new TargetRequest(null, ["bpf1", "bpf2"], [], null))).Message);
    }

    [Fact]
    public void Commands_about_several_nodes_take_all_of_a_lab_or_those_that_are_named_or_the_sockets_of_machines()
    {
        Lab("default", "bpf1", "bpf2", "bpf3");
        TargetResolver resolver = new(Machine.ToHost(Stream.Null, TextWriter.Null));

        Assert.Equal(["bpf1", "bpf2", "bpf3"], resolver.ResolveAll(Request()).Nodes.Select(node => node.Name));
        Assert.Equal(["bpf3", "bpf1"], resolver.ResolveAll(new TargetRequest(null, ["bpf3", "bpf1", "bpf3"], [], null)).Nodes.Select(node => node.Name));
        Assert.Equal(["/a.sock", "/b.sock"], resolver.ResolveAll(new TargetRequest(null, [], ["/a.sock", "/b.sock"], null)).Nodes.Select(node => node.Socket));
        Assert.Throws<UsageException>(() => resolver.ResolveAll(new TargetRequest("default", [], ["/a.sock"], null)));
    }

    private static TargetRequest Request(string? lab = null, string? node = null, string? socket = null) =>
        new(lab, node is null ? [] : [node], socket is null ? [] : [socket], null);

    private Machine Machine => new() { LabsDirectory = Labs };

    private void Lab(string name, params string[] nodes)
    {
        foreach (string node in nodes)
        {
            Directory.CreateDirectory(Path.Combine(Labs, name, "nodes", node));
        }
    }

    private Target Resolve(string? lab = null, string? node = null, string? socket = null, Machine? machine = null) =>
        new TargetResolver((machine ?? Machine).ToHost(Stream.Null, TextWriter.Null)).Resolve(Request(lab, node, socket));
}
