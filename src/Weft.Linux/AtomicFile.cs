using Weft.Linux.Interop;

namespace Weft.Linux;

/// <summary>Replaces files whole: after a crash at any moment there is the old content or the new one, never a part.</summary>
public static class AtomicFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Writes beside the file, flushes, renames over it, and flushes the directory. The file gets mode 0600 unless told
    /// otherwise.
    /// </summary>
    /// <remarks>Returns when the content is on the disk. On failure the old file is untouched.</remarks>
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode = OwnerOnly)
    {
        string full = Path.GetFullPath(path);
        string directory = Path.GetDirectoryName(full)!;
        string temporary = Path.Combine(directory, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}");
        try
        {
            WriteNew(temporary, content, mode);
            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new IOException($"write {full}: {exception.Message}", exception);
        }

        FlushDirectory(directory);
    }

    /// <summary>Removes a file so that it stays removed after a crash.</summary>
    /// <returns>False if there was none.</returns>
    public static bool Delete(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        File.Delete(path);
        FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return true;
    }

    private static void WriteNew(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            UnixCreateMode = mode,
        };
        using FileStream stream = new(path, options);
        stream.Write(content);
        stream.Flush(flushToDisk: true);
    }

    private static void FlushDirectory(string directory)
    {
        string attempt = $"flush directory {directory}";
        using FileDescriptor fd = FileDescriptor.OwnResult(LibC.Open(directory, LibC.O_RDONLY | LibC.O_CLOEXEC, 0), attempt);
        if (LibC.Fsync(fd) != 0)
        {
            throw LinuxException.FromLastError(attempt);
        }
    }
}
