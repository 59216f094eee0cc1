using System.Security.Cryptography;
using Weft.Linux;

namespace Weft.Cli.Cni;

/// <summary>Remembers what was installed, by the hash of its content: lines of <c>HASH PATH</c>, as sha256sum writes them.</summary>
internal sealed class InstallReceipt(string path)
{
    private const int MaxBytes = 16 << 10;
    private readonly HashSet<string> _lines = Read(path);

    /// <summary>Whether the file is as it was installed, by this program and by nobody after it.</summary>
    public bool Covers(string file) => File.Exists(file) && _lines.Contains(LineOf(file, File.ReadAllBytes(file)));

    public void Write(params IEnumerable<(string File, byte[] Content)> files)
    {
        string text = string.Concat(files.Select(file => LineOf(file.File, file.Content) + "\n"));
        AtomicFile.Write(path, System.Text.Encoding.UTF8.GetBytes(text), FileModes.Data);
    }

    public void Delete() => AtomicFile.Delete(path);

    private static HashSet<string> Read(string path) =>
        File.Exists(path) && new FileInfo(path).Length <= MaxBytes ? [.. File.ReadAllLines(path)] : [];

    private static string LineOf(string file, byte[] content) => $"{Convert.ToHexStringLower(SHA256.HashData(content))}  {file}";
}
