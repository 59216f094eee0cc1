using Weft.Bpf;
using Weft.Bpf.Maps;
using Weft.Datapath.Loading;

namespace Weft.Datapath.Tracing;

/// <summary>The object of the tracer, of which a kernel can take a part only.</summary>
internal static class TracerObject
{
    private const string Name = "weft.bpf.trace.o";

    /// <summary>Loads what every kernel takes.</summary>
    public static BpfObject Load(IReadOnlyDictionary<string, BpfMap> maps)
    {
        using BpfObjectSpec spec = Open();
        return spec.Load(new BpfLoadOptions { Maps = maps });
    }

    /// <summary>Loads some of its programs and no others.</summary>
    public static BpfObject Load(IReadOnlyDictionary<string, BpfMap> maps, Func<string, bool> programs)
    {
        using BpfObjectSpec spec = Open();
        foreach (BpfProgramSpec program in spec.Programs.Values)
        {
            program.Autoload = programs(program.Name);
        }

        return spec.Load(new BpfLoadOptions { Maps = maps });
    }

    private static BpfObjectSpec Open() => BpfObjectSpec.Open(DatapathObjects.Read(Name), Name);
}
