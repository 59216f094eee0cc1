using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Weft.Control.State;

/// <summary>One JSON document on disk that is replaced whole: a reader sees the old one or the new one.</summary>
/// <remarks>
/// Written to a temporary name and renamed, which survives the death of the process at any line. It is not synced to the disk:
/// what it describes (namespaces, devices) does not survive the loss of power either.
/// </remarks>
internal static class StateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const string Unfinished = ".tmp";

    public static void Write<T>(string path, T document, JsonTypeInfo<T> type)
    {
        string temporary = path + Unfinished;
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        using (FileStream file = new(temporary, options))
        {
            JsonSerializer.Serialize(file, document, type);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Removes what a process left that died while it wrote.</summary>
    public static void RemoveUnfinished(string directory)
    {
        foreach (string file in Directory.EnumerateFiles(directory, "*" + Unfinished))
        {
            File.Delete(file);
        }
    }

    /// <returns>Null if there is no such file.</returns>
    /// <exception cref="StateFileException">The file is there and is not such a document.</exception>
    public static T? Read<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return JsonSerializer.Deserialize(file, type) ?? throw new StateFileException(path, "the document is 'null'");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException error)
        {
            throw new StateFileException(path, error.Message, error);
        }
    }

    /// <summary>Keeps a file that cannot be read where a person can look at it and no start reads it again.</summary>
    /// <returns>Where it is now.</returns>
    public static string SetAside(string path)
    {
        string aside = path + ".corrupt";
        File.Move(path, aside, overwrite: true);
        return aside;
    }
}
