using Weft.Abi;
using Weft.Bpf;
using Weft.Bpf.Maps;
using Weft.Datapath.Maps;
using Weft.Datapath.Pinning;

namespace Weft.Datapath.Loading;

/// <summary>Brings the programs into the kernel, on the pinned maps where their schema fits and on new ones where not.</summary>
/// <remarks>One load of one node. Not thread-safe.</remarks>
public sealed class DatapathLoader
{
    private const string ConfigVariable = "weft_config";

    private readonly BpfRoot _root;
    private readonly Action<string, IReadOnlyList<string>> _recreated;
    private readonly Dictionary<string, BpfMap> _shared = [];
    private readonly List<string> _madePins = [];

    /// <param name="root">In a bpf file system; its directories are made.</param>
    /// <param name="recreated">Told of every pinned map that an empty one replaces, and of how its schema differed.</param>
    public DatapathLoader(BpfRoot root, Action<string, IReadOnlyList<string>> recreated)
    {
        ArgumentNullException.ThrowIfNull(root);
        _root = root;
        _recreated = recreated;
    }

    /// <summary>Takes back the pins that the load made where there were none, for a start that goes no further.</summary>
    public void RemoveNewPins()
    {
        _madePins.ForEach(static path => BpfMap.Unpin(path));
        foreach (string directory in (string[])[_root.Maps, _root.Links])
        {
            if (Directory.Exists(directory) && !Directory.EnumerateFileSystemEntries(directory).Any())
            {
                Directory.Delete(directory);
            }
        }
    }

    /// <param name="config">Becomes constants of the programs.</param>
    /// <remarks>
    /// Nothing that forwards is touched: programs that run keep their maps, also those whose pins are replaced, until they are
    /// replaced themselves. So the caller fills the maps first and attaches then.
    /// </remarks>
    public LoadedDatapath Load(in DatapathConfig config)
    {
        Directory.CreateDirectory(_root.Maps);
        Directory.CreateDirectory(_root.Links);
        List<BpfObject> objects = [];
        try
        {
            foreach (string name in DatapathObjects.Names)
            {
                using BpfObjectSpec spec = BpfObjectSpec.Open(DatapathObjects.Read(name), name);
                spec.SetConstant(ConfigVariable, in config);
                objects.Add(Load(spec));
            }

            return new LoadedDatapath(objects, DatapathMaps.OpenPinned(_root));
        }
        catch
        {
            objects.ForEach(static loaded => loaded.Dispose());
            RemoveNewPins();
            throw;
        }
        finally
        {
            foreach (BpfMap map in _shared.Values)
            {
                map.Dispose();
            }

            _shared.Clear();
        }
    }

    private BpfObject Load(BpfObjectSpec spec)
    {
        string[] pinned = [.. spec.Maps.Keys.Where(DatapathMapNames.Pinned.Contains)];
        foreach (string name in pinned)
        {
            Adopt(spec.Maps[name]);
        }

        BpfObject loaded = spec.Load(new BpfLoadOptions { Maps = Known(pinned) });
        foreach (string name in pinned.Where(name => !_shared.ContainsKey(name)))
        {
            if (!File.Exists(_root.Map(name)))
            {
                _madePins.Add(_root.Map(name));
            }

            loaded.Map(name).PinReplacing(_root.Map(name));
            _shared[name] = BpfMap.OpenPinned(_root.Map(name));
        }

        return loaded;
    }

    /// <summary>Takes the pinned map for all objects, if there is one that fits.</summary>
    private void Adopt(BpfMapSpec wanted)
    {
        if (_shared.ContainsKey(wanted.Name) || TryOpen(wanted.Name) is not { } found)
        {
            return;
        }

        IReadOnlyList<string> differences = found.DifferencesFrom(wanted);
        if (differences.Count == 0)
        {
            _shared[wanted.Name] = found;
            return;
        }

        found.Dispose();
        _recreated(wanted.Name, differences);
    }

    private BpfMap? TryOpen(string name)
    {
        string path = _root.Map(name);
        BpfMap? found = BpfMap.TryOpenPinned(path);
        if (found is not null && !IsMap(found))
        {
            found.Dispose();
            throw new DatapathException(
                $"use pinned map {path}: what is pinned there is no map (remove it, or give another --bpf-root)");
        }

        return found;
    }

    // BPF_OBJ_GET opens programs and links as well, and the info of one reads like that of a strange map.
    private static bool IsMap(BpfMap opened) => new FileInfo($"/proc/self/fd/{opened.Fd.Number}").LinkTarget == "anon_inode:bpf-map";

    private Dictionary<string, BpfMap> Known(IEnumerable<string> names) =>
        names.Where(_shared.ContainsKey).ToDictionary(name => name, name => _shared[name]);
}
