using System.Globalization;

namespace Weft.Cli.Capture;

/// <summary>The files that a capture goes to: one, or a ring of numbered ones of which the oldest go.</summary>
/// <remarks>Files are their owner's alone to read. One that is there is overwritten.</remarks>
internal sealed class CaptureFiles(string path, bool isRing, int most) : IDisposable
{
    private readonly Queue<string> _written = new();
    private FileStream? _current;
    private int _number;

    /// <summary>Name of a ring's file: <c>web.pcapng</c> is <c>web_00001.pcapng</c>.</summary>
    public static string NameOf(string path, int number)
    {
        string extension = Path.GetExtension(path);
        return string.Create(CultureInfo.InvariantCulture, $"{path[..^extension.Length]}_{number:00000}{extension}");
    }

    /// <summary>Begins the next file.</summary>
    public Stream Open()
    {
        _current?.Dispose();
        string name = isRing ? NameOf(path, ++_number) : path;
        _current = Attempt(name, () => Create(name));
        _written.Enqueue(name);
        while (most > 0 && _written.Count > most)
        {
            string oldest = _written.Dequeue();
            Attempt(oldest, () =>
            {
                File.Delete(oldest);
                return true;
            });
        }

        return _current;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _current!.Write(bytes);
            _current.Flush();
        }
        catch (IOException error)
        {
            throw Failure(_current!.Name, error);
        }
    }

    public void Dispose() => _current?.Dispose();

    private static FileStream Create(string name)
    {
        FileStream file = new(name, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Share = FileShare.Read,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        if (file.CanSeek)
        {
            // One that was there keeps its mode.
            File.SetUnixFileMode(file.SafeFileHandle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return file;
    }

    private static T Attempt<T>(string name, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failure(name, error);
        }
    }

    private static IOException Failure(string name, Exception error) => new($"write capture file {name}: {error.Message}", error);
}
