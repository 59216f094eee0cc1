namespace Weft.Control.State;

/// <summary>A state file that cannot be read as what it should be.</summary>
public sealed class StateFileException : Exception
{
    internal StateFileException(string path, string why, Exception? inner = null)
        : base($"read state file {path}: {why}", inner) => Path = path;

    public string Path { get; }
}
