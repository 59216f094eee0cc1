using System.Diagnostics;
using Weft.Lab.Nodes;
using Weft.Lab.State;
using Weft.Lab.Topology;
using Weft.Linux;
using Weft.Linux.Processes;

namespace Weft.Lab.Programs;

/// <summary>A node, a pod or an outside host of a lab that is up, as a place to run things in.</summary>
/// <remarks>
/// Programs run in the cgroup of their node. Sockets that this process opens there are in the namespace, but not in the cgroup: the
/// node's socket programs do not see them.
/// </remarks>
public sealed class LabMember
{
    private readonly LabPaths _paths;

    private readonly string _machine;

    private LabMember(LabPaths paths, string name, bool isNode, string machine)
    {
        _paths = paths;
        Name = name;
        IsNode = isNode;
        _machine = machine;
    }

    public string Name { get; }

    public bool IsNode { get; }

    public string Netns => LabNames.NetnsOf(_paths.Lab, Name);

    /// <exception cref="LabException">There is no such lab, node, pod or outside host.</exception>
    public static LabMember Find(string lab, string name)
    {
        LabDirectory directory = new(lab);
        LabTopology topology = directory.ReadTopology()
            ?? throw new LabException($"find '{name}' in lab {lab}: there is no such lab ('weft lab up --lab {lab}' makes it, 'weft lab status' lists those that are up)");
        if (!topology.MemberNames.Contains(name))
        {
            throw new LabException($"find '{name}' in lab {lab}: neither a node nor a pod nor an outside host (there are: {string.Join(", ", topology.MemberNames.Take(12))})");
        }

        bool isNode = topology.FindNode(name) is not null;
        LabMember member = new(directory.Paths, name, isNode, topology.FindPod(name)?.Node ?? name);
        return NetworkNamespace.Exists(member.Netns)
            ? member
            : throw new LabException($"find '{name}' in lab {lab}: its network namespace {member.Netns} is gone ('weft lab up --lab {lab}' repairs the lab)");
    }

    /// <summary>A node that exists, in a lab that may be unfinished.</summary>
    internal static LabMember OfNode(LabPaths paths, string node) => new(paths, node, isNode: true, node);

    /// <summary>Runs a synchronous function on a thread that is there.</summary>
    public T Run<T>(Func<T> body)
    {
        if (IsNode)
        {
            return new NodeSandbox(_paths, Name).Run(body);
        }

        using NetworkNamespace network = NetworkNamespace.Open(Netns);
        return network.Run(body);
    }

    /// <summary>Puts a program that runs there in the place of this process, with its terminal; its exit code becomes this process's.</summary>
    /// <exception cref="LabException">There is no such program; on success this does not return.</exception>
    public void Exec(IReadOnlyList<string> command)
    {
        ProgramStart start = Inside(command) with { Environment = [.. Environment()] };
        Run(() =>
        {
            ProcessSpawner.ReplaceThisProcess(start);
            return 0;
        });
    }

    /// <summary>Starts a program there as a child whose output this process reads.</summary>
    public Process Start(IReadOnlyList<string> command)
    {
        ProgramStart program = Inside(command);
        ProcessStartInfo start = new(program.Path, program.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // A child gets the namespaces of the thread that forks it.
        return Run(() => Process.Start(start) ?? throw new LabException($"start {command[0]} in {Name}: no process came of it"));
    }

    /// <summary>In the cgroup of the machine, as all that runs on a node.</summary>
    private ProgramStart Inside(IReadOnlyList<string> command)
    {
        ProgramStart start = new(FindProgram(command[0]), [.. command.Skip(1)]);
        return IsNode ? new NodeSandbox(_paths, Name).Enter(start) : new LabCgroups(_paths.Lab).Enter(_machine, start);
    }

    private string FindProgram(string name) =>
        ProgramFinder.Find(name, SearchPath())
        ?? throw new LabException($"run '{name}' in {Name}: no such program (programs are those of this machine)");

    /// <summary>So that 'weft' on a node is the one that made the lab.</summary>
    private static string SearchPath() =>
        $"{AppContext.BaseDirectory.TrimEnd('/')}:{System.Environment.GetEnvironmentVariable("PATH")}:/usr/local/sbin:/usr/sbin:/sbin";

    private static IEnumerable<string> Environment()
    {
        foreach (System.Collections.DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            if (variable.Key is not "PATH")
            {
                yield return $"{variable.Key}={variable.Value}";
            }
        }

        yield return $"PATH={SearchPath()}";
    }
}
