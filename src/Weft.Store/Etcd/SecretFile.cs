namespace Weft.Store.Etcd;

/// <summary>A file that holds a secret.</summary>
internal static class SecretFile
{
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <exception cref="StoreException">It is not there, or everybody on this machine may read or change it.</exception>
    public static void RequirePrivate(string path)
    {
        try
        {
            UnixFileMode mode = File.GetUnixFileMode(path);
            if ((mode & Others) != 0)
            {
                throw new StoreException(
                    $"read {path}: everybody may {((mode & UnixFileMode.OtherRead) != 0 ? "read" : "change")} it (chmod 600 {path})");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"read {path}: {e.Message.TrimEnd('.')}", e);
        }
    }

    /// <summary>The user and the password in one line, as etcdctl's --user.</summary>
    public static (string Name, string Password) ReadUser(string path)
    {
        RequirePrivate(path);
        string line;
        try
        {
            line = File.ReadLines(path).FirstOrDefault() ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"read {path}: {e.Message.TrimEnd('.')}", e);
        }
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            ? (line[..colon], line[(colon + 1)..])
            : throw new StoreException($"read {path}: its first line is not NAME:PASSWORD");
    }
}
