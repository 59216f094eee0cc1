using System.Diagnostics.CodeAnalysis;
using Weft.Store.Etcd;
using Weft.Store.Sqlite;

namespace Weft.Store;

/// <summary>A store as an option names it: `sqlite:///var/lib/weft/store.db` or `etcd://192.168.2.10:2379`.</summary>
public sealed record StoreLocation
{
    private const string SqliteScheme = "sqlite://";

    private readonly string? _path;
    private readonly EtcdLocation? _etcd;

    private StoreLocation(string? path, EtcdLocation? etcd) => (_path, _etcd) = (path, etcd);

    public static StoreLocation Sqlite(string path) => new(Path.GetFullPath(path), null);

    public static bool TryParse(string? text, [NotNullWhen(true)] out StoreLocation? location, [NotNullWhen(false)] out string? error)
    {
        text ??= "";
        location = null;
        if (EtcdLocation.IsEtcd(text))
        {
            location = EtcdLocation.TryParse(text, out EtcdLocation? etcd, out error) ? new StoreLocation(null, etcd) : null;
            return location is not null;
        }
        if (!text.StartsWith(SqliteScheme, StringComparison.Ordinal))
        {
            error = $"store '{text}' is of no kind that this build knows (give sqlite:///absolute/path, etcd://HOST:PORT or etcds://HOST:PORT)";
            return false;
        }
        string path = text[SqliteScheme.Length..];
        if (!path.StartsWith('/') || path.EndsWith('/') || path.Contains('\0', StringComparison.Ordinal))
        {
            error = $"store '{text}': '{path}' is not the absolute path of a file (three slashes: sqlite:///var/lib/weft/store.db)";
            return false;
        }
        location = new StoreLocation(path, null);
        error = null;
        return true;
    }

    /// <summary>Opens the store. A missing SQLite file is made with its directory; etcd is asked only when something is wanted of it.</summary>
    public async Task<IStore> OpenAsync(CancellationToken cancellationToken) => _etcd is null
        ? await SqliteStore.OpenAsync(new SqliteStoreOptions { Path = _path! }, cancellationToken).ConfigureAwait(false)
        : await EtcdStore.OpenAsync(new EtcdStoreOptions { Location = _etcd }, cancellationToken).ConfigureAwait(false);

    public override string ToString() => _etcd?.ToString() ?? SqliteScheme + _path;
}
