using System.Reflection;
using Weft.Abi;
using Weft.Bpf;
using Weft.Bpf.Maps;

namespace Datapath.Harness;

/// <summary>The objects of the datapath and the wrapper of the tests, loaded on maps of their own; nothing is pinned.</summary>
internal sealed class ProgramObjects : IDisposable
{
    private static readonly string[] s_names = ["pod", "overlay", "netdev", "host", "sock"];

    /// <summary>Smaller than in production: the tests need few entries, and each fixture allocates its own.</summary>
    private const uint TrackedEntries = 4096;

    private readonly List<BpfObject> _objects = [];
    private readonly Dictionary<string, BpfMap> _maps = [];

    private readonly DatapathConfig _config;

    public ProgramObjects()
        : this(Node.Config)
    {
    }

    public ProgramObjects(DatapathConfig config)
    {
        _config = config;
        try
        {
            foreach (string name in s_names)
            {
                Load(name, DatapathAssembly);
            }

            Load("tunnel", typeof(ProgramObjects).Assembly);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IEnumerable<BpfProgram> DatapathPrograms =>
        _objects.Take(s_names.Length).SelectMany(loaded => loaded.Programs.Values);

    private static Assembly DatapathAssembly { get; } = Assembly.Load("Weft.Datapath");

    public BpfProgram Program(string name) =>
        _objects.Select(loaded => loaded.Programs.GetValueOrDefault(name)).First(program => program is not null)!;

    public BpfMap Map(string name) => _maps[name];

    public void Dispose() => _objects.ForEach(static loaded => loaded.Dispose());

    public static byte[] Read(string name, Assembly assembly)
    {
        using Stream stream = assembly.GetManifestResourceStream($"weft.bpf.{name}.o")
            ?? throw new InvalidOperationException($"{assembly.GetName().Name} has no resource weft.bpf.{name}.o");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private void Load(string name, Assembly assembly)
    {
        using BpfObjectSpec spec = BpfObjectSpec.Open(Read(name, assembly), $"{name}.o");
        if (assembly == DatapathAssembly)
        {
            spec.SetConstant("weft_config", _config);
        }

        string[] tracked = ["weft_ct_tcp", "weft_ct_any", "weft_nat", "weft_affinity", "weft_sock_nat", "weft_sock_flows", "weft_held"];
        foreach (BpfMapSpec map in spec.Maps.Values.Where(map => tracked.Contains(map.Name)))
        {
            map.MaxEntries = TrackedEntries;
        }

        BpfObject loaded = spec.Load(new() { Maps = _maps.Where(map => spec.Maps.ContainsKey(map.Key)).ToDictionary() });
        _objects.Add(loaded);
        foreach ((string mapName, BpfMap map) in loaded.Maps)
        {
            _maps.TryAdd(mapName, map);
        }
    }
}
