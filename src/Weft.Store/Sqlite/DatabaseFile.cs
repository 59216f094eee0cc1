namespace Weft.Store.Sqlite;

/// <summary>Makes a missing file, and refuses one that is not a sound store of this version.</summary>
internal static class DatabaseFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // The file is never opened here once it exists: closing any descriptor of it would drop SQLite's fcntl locks of this process.
    public static void CreateIfMissing(string path)
    {
        if (Directory.Exists(path))
        {
            throw new StoreException($"open store {path}: it is a directory (give the path of a file)");
        }
        if (File.Exists(path))
        {
            return;
        }
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!, OwnerOnly | UnixFileMode.UserExecute);
            new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = OwnerOnly,
            }).Dispose();
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another agent was first.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"create store {path}: {e.Message}", e);
        }
    }

    /// <summary>To be called in a write transaction, which also proves that the file can be written.</summary>
    public static bool Verify(SqliteSession session, string path, SqliteErrors errors)
    {
        long application = session.Number("PRAGMA application_id");
        long version = session.Number("PRAGMA user_version");
        if (application == 0 && version == 0 && session.Number("SELECT count(*) FROM sqlite_schema") == 0)
        {
            session.ExecuteScript(Schema.Create);
            session.ExecuteScript($"PRAGMA application_id = {Schema.ApplicationId}; PRAGMA user_version = {Schema.Version};");
            return true;
        }
        if (application != Schema.ApplicationId)
        {
            throw new StoreException($"open store {path}: it is an SQLite database of another program (give another path)");
        }
        if (version != Schema.Version)
        {
            throw new StoreException(
                $"open store {path}: it has schema {version}, this agent knows {Schema.Version} (run agents of one version on one store)");
        }
        List<string> problems = session.Rows(row => row.GetString(0), "PRAGMA quick_check(1)");
        return problems is ["ok"] ? true : throw errors.Damaged("open", string.Join("; ", problems));
    }
}
