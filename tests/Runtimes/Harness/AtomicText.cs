namespace Runtimes.Harness;

/// <summary>Files that a daemon reads at any moment.</summary>
internal static class AtomicText
{
    public static void Replace(string path, string text)
    {
        string half = $"{path}.new";
        File.WriteAllText(half, text);
        File.Move(half, path, overwrite: true);
    }
}
