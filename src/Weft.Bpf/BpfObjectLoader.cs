using System.Collections.Frozen;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Weft.Bpf.Interop;
using Weft.Bpf.Maps;
using Weft.Linux;

namespace Weft.Bpf;

/// <summary>One load of one object: adopt maps, load, take descriptors over, pin; undone as a whole on failure.</summary>
internal sealed class BpfObjectLoader(BpfObjectSpec spec, BpfLoadOptions options)
{
    private readonly List<BpfMapSpec> _toPin = [];
    private readonly Dictionary<string, BpfMap> _toReplace = [];

    private string Attempt => $"load {spec.Name}";

    public BpfObject Load()
    {
        try
        {
            AdoptMaps();
            return LoadAdopted();
        }
        finally
        {
            foreach (BpfMap replaced in _toReplace.Values)
            {
                replaced.Dispose();
            }
        }
    }

    private BpfObject LoadAdopted()
    {
        LoadPrograms();
        Dictionary<string, BpfMap> maps = [];
        Dictionary<string, BpfProgram> programs = [];
        try
        {
            TakeOver(maps, programs);
            PinMaps(maps);
            return new BpfObject(spec.Name, programs.ToFrozenDictionary(), maps.ToFrozenDictionary());
        }
        catch
        {
            new BpfObject(spec.Name, programs.ToFrozenDictionary(), maps.ToFrozenDictionary()).Dispose();
            throw;
        }
    }

    private void AdoptMaps()
    {
        foreach (string name in options.Maps.Keys.Where(name => !spec.Maps.ContainsKey(name)))
        {
            throw new ArgumentException($"{Attempt}: it has no map {name} that could be replaced");
        }

        List<BpfMapMismatch> unfit = [];
        foreach (BpfMapSpec map in spec.Maps.Values)
        {
            if (options.Maps.TryGetValue(map.Name, out BpfMap? given))
            {
                Adopt(map, given, "(given)", static _ => BpfMismatchAction.KeepCapacity, unfit);
            }
            else if (map.IsPinnedByName && options.PinDirectory is { } directory)
            {
                string path = Path.Combine(directory, map.Name);
                using BpfMap? pinned = BpfMap.TryOpenPinned(path);
                if (pinned is null)
                {
                    _toPin.Add(map);
                }
                else
                {
                    Adopt(map, pinned, path, options.OnMismatch, unfit);
                }
            }
        }

        if (unfit.Count > 0)
        {
            throw new BpfMapMismatchException(Attempt, unfit);
        }
    }

    private void Adopt(BpfMapSpec map, BpfMap found, string path, Func<BpfMapMismatch, BpfMismatchAction> onMismatch, List<BpfMapMismatch> unfit)
    {
        BpfMapSchema wanted = map.Schema;
        if (found.DifferencesFrom(map).Count > 0)
        {
            BpfMapMismatch mismatch = new(map.Name, path, found.Schema, wanted) { InnerDifferences = found.InnerDifferencesFrom(map.InnerSchema) };
            switch (onMismatch(mismatch))
            {
                case BpfMismatchAction.Recreate:
                    _toPin.Add(map);
                    _toReplace.Add(map.Name, BpfMap.FromFd(found.Fd.Duplicate(), map.Name));
                    return;
                case BpfMismatchAction.KeepCapacity when mismatch.IsCapacityOnly:
                    break;
                default:
                    unfit.Add(mismatch);
                    return;
            }
        }

        using LibBpfLog log = LibBpfLog.Capture();
        BpfException.Check(LibBpf.MapReuseFd(map.Pointer, found.Fd), $"{Attempt}: use map {path}");
    }

    private unsafe void LoadPrograms()
    {
        // libbpf takes one buffer for the whole object through the open options only, and a spec is opened long before it
        // is loaded, so each program is given the same one: the load stops at the first program that is rejected.
        byte* log = (byte*)NativeMemory.Alloc((nuint)options.VerifierLogBytes);
        try
        {
            log[0] = 0;
            foreach (BpfProgramSpec program in spec.Programs.Values)
            {
                BpfException.Check(LibBpf.ProgramSetLogBuffer(program.Pointer, log, (nuint)options.VerifierLogBytes), $"{Attempt}: set log buffer");
            }

            using LibBpfLog messages = LibBpfLog.Capture();
            int result = LibBpf.ObjectLoad(spec.Native);
            if (result < 0)
            {
                string verifierLog = Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(log));
                throw LoadFailure.Explain(Attempt, (Errno)(-result), messages.Lines, verifierLog);
            }
        }
        finally
        {
            NativeMemory.Free(log);
        }
    }

    private void TakeOver(Dictionary<string, BpfMap> maps, Dictionary<string, BpfProgram> programs)
    {
        foreach (BpfMapSpec map in spec.Maps.Values)
        {
            int fd = LibBpf.MapFd(map.Pointer);
            if (fd >= 0)
            {
                maps.Add(map.Name, BpfMap.FromFd(Duplicate(fd, $"map {map.Name}"), map.Name));
            }
        }

        foreach (BpfProgramSpec program in spec.Programs.Values)
        {
            int fd = LibBpf.ProgramFd(program.Pointer);
            if (program.Autoload && fd >= 0)
            {
                programs.Add(program.Name, BpfProgram.FromFd(Duplicate(fd, $"program {program.Name}"), program.Name));
            }
        }
    }

    private void PinMaps(Dictionary<string, BpfMap> maps)
    {
        List<(string Name, string Path)> pinned = [];
        try
        {
            foreach (BpfMapSpec map in _toPin)
            {
                string path = Path.Combine(options.PinDirectory!, map.Name);
                if (_toReplace.ContainsKey(map.Name))
                {
                    maps[map.Name].PinReplacing(path);
                }
                else
                {
                    maps[map.Name].Pin(path);
                }

                pinned.Add((map.Name, path));
            }
        }
        catch
        {
            foreach ((string name, string path) in pinned)
            {
                if (_toReplace.TryGetValue(name, out BpfMap? old))
                {
                    old.PinReplacing(path);
                }
                else
                {
                    BpfPin.Remove(path);
                }
            }

            throw;
        }
    }

    /// <summary>So that libbpf's object, with its copies of code and types, can be freed at once.</summary>
    private static FileDescriptor Duplicate(int fd, string what)
    {
        int copy = LibC.Duplicate(fd, LibC.F_DUPFD_CLOEXEC, 0);
        return copy >= 0
            ? FileDescriptor.Own(copy)
            : throw LinuxException.FromLastError(string.Create(CultureInfo.InvariantCulture, $"duplicate descriptor {fd} of {what}"));
    }
}
