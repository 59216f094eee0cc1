using System.Text.Json;
using Weft.Lab.Topology;

namespace Weft.Lab.State;

/// <summary>The files of one lab on the host.</summary>
public sealed class LabDirectory
{
    public LabDirectory(string lab) => Paths = new LabPaths(lab);

    public LabPaths Paths { get; }

    /// <summary>Names of the labs on this machine, unfinished ones too.</summary>
    public static IReadOnlyList<string> List() => !Directory.Exists(LabPaths.Labs)
        ? []
        : [.. Directory.EnumerateDirectories(LabPaths.Labs).Select(path => Path.GetFileName(path)!)
            .Where(name => LabNames.CheckLab(name) is null).Order(StringComparer.Ordinal)];

    /// <returns>Null if there is no such lab, or its file was never written or cannot be read: then only names can tell what is left.</returns>
    public LabState? ReadState()
    {
        try
        {
            using FileStream file = File.OpenRead(Paths.StateFile);
            return JsonSerializer.Deserialize(file, LabStateJson.Default.LabState);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    public void WriteState(LabState state) =>
        WriteWhole(Paths.StateFile, JsonSerializer.SerializeToUtf8Bytes(state, LabStateJson.Default.LabState));

    /// <returns>Null if there is none.</returns>
    public LabTopology? ReadTopology() =>
        File.Exists(Paths.TopologyFile) ? TopologyReader.Parse(File.ReadAllText(Paths.TopologyFile), Paths.TopologyFile) : null;

    public void WriteTopology(string text) => WriteWhole(Paths.TopologyFile, System.Text.Encoding.UTF8.GetBytes(text));

    public void Remove()
    {
        if (Directory.Exists(Paths.Root))
        {
            Directory.Delete(Paths.Root, recursive: true);
            RemoveEmpty(LabPaths.Labs);
            RemoveEmpty(Path.GetDirectoryName(LabPaths.Labs)!);
        }
    }

    private static void RemoveEmpty(string directory)
    {
        try
        {
            Directory.Delete(directory);
        }
        catch (IOException)
        {
            // Not empty: other labs, or an agent of this machine's own.
        }
    }

    /// <summary>A reader finds the old content or the new, never a part.</summary>
    private static void WriteWhole(string path, byte[] content)
    {
        string half = path + ".new";
        File.WriteAllBytes(half, content);
        File.Move(half, path, overwrite: true);
    }
}
