using System.Collections.Frozen;
using Weft.Bpf.Maps;

namespace Weft.Bpf;

/// <summary>The programs and maps of an object that is in the kernel.</summary>
/// <remarks>Owns their descriptors. Disposing it leaves alive what is pinned, attached or used by something that is.</remarks>
public sealed class BpfObject : IDisposable
{
    internal BpfObject(string name, FrozenDictionary<string, BpfProgram> programs, FrozenDictionary<string, BpfMap> maps)
    {
        Name = name;
        Programs = programs;
        Maps = maps;
    }

    public string Name { get; }

    /// <summary>By the name in the source, without those that were not to be loaded.</summary>
    public FrozenDictionary<string, BpfProgram> Programs { get; }

    /// <summary>By the name in the source; .rodata, .data and .bss as <c>OBJECT.rodata</c> and so on.</summary>
    public FrozenDictionary<string, BpfMap> Maps { get; }

    public BpfProgram Program(string name) =>
        Programs.TryGetValue(name, out BpfProgram? program) ? program : throw new KeyNotFoundException($"{Name} has no loaded program {name}");

    public BpfMap Map(string name) =>
        Maps.TryGetValue(name, out BpfMap? map) ? map : throw new KeyNotFoundException($"{Name} has no map {name}");

    public void Dispose()
    {
        foreach (BpfProgram program in Programs.Values)
        {
            program.Dispose();
        }

        foreach (BpfMap map in Maps.Values)
        {
            map.Dispose();
        }
    }
}
