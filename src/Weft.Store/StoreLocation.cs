using System.Diagnostics.CodeAnalysis;
using Weft.Store.Sqlite;

namespace Weft.Store;

/// <summary>A store as an option names it: `sqlite:///var/lib/weft/store.db`.</summary>
public sealed record StoreLocation
{
    private const string SqliteScheme = "sqlite://";

    private StoreLocation(string path) => Path = path;

    public string Path { get; }

    public static StoreLocation Sqlite(string path) => new(System.IO.Path.GetFullPath(path));

    public static bool TryParse(string? text, [NotNullWhen(true)] out StoreLocation? location, [NotNullWhen(false)] out string? error)
    {
        text ??= "";
        location = null;
        if (!text.StartsWith(SqliteScheme, StringComparison.Ordinal))
        {
            error = $"store '{text}' is of no kind that this build knows (give sqlite:///absolute/path)";
            return false;
        }
        string path = text[SqliteScheme.Length..];
        if (!path.StartsWith('/') || path.EndsWith('/') || path.Contains('\0', StringComparison.Ordinal))
        {
            error = $"store '{text}': '{path}' is not the absolute path of a file (three slashes: sqlite:///var/lib/weft/store.db)";
            return false;
        }
        location = new StoreLocation(path);
        error = null;
        return true;
    }

    /// <summary>Opens the store, making the file and its directory where they are missing.</summary>
    public async Task<IStore> OpenAsync(CancellationToken cancellationToken) =>
        await SqliteStore.OpenAsync(new SqliteStoreOptions { Path = Path }, cancellationToken).ConfigureAwait(false);

    public override string ToString() => SqliteScheme + Path;
}
