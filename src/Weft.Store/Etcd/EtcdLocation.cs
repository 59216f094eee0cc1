using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Weft.Store.Etcd;

/// <summary>An etcd cluster as an option names it: `etcds://a:2379,b:2379/PREFIX?cacert=FILE&amp;cert=FILE&amp;key=FILE&amp;user-file=FILE`.</summary>
/// <remarks>The names of the options are those of etcdctl. Secrets are in files, so that this text may stand in command lines, logs and
/// state files.</remarks>
public sealed record EtcdLocation
{
    public const string Scheme = "etcd://";
    public const string TlsScheme = "etcds://";
    public const int DefaultPort = 2379;

    private static readonly string[] s_files = ["cacert", "cert", "key", "user-file"];

    private EtcdLocation()
    {
    }

    public required bool IsTls { get; init; }

    /// <summary>Members of one cluster as `HOST:PORT`, tried in this order.</summary>
    public required ImmutableArray<string> Endpoints { get; init; }

    /// <summary>Before all keys: empty, or ends with a slash.</summary>
    public required string KeyPrefix { get; init; }

    /// <summary>Certificates (PEM) that may sign the server's; null: those that the system trusts.</summary>
    public string? CaFile { get; init; }

    /// <summary>Certificate (PEM) that this client shows; there if and only if <see cref="KeyFile"/> is.</summary>
    public string? CertFile { get; init; }

    public string? KeyFile { get; init; }

    /// <summary>One line `NAME:PASSWORD`, as etcdctl's --user; null: no user.</summary>
    public string? UserFile { get; init; }

    public static bool IsEtcd(string text) =>
        text.StartsWith(Scheme, StringComparison.Ordinal) || text.StartsWith(TlsScheme, StringComparison.Ordinal);

    public static bool TryParse(string text, [NotNullWhen(true)] out EtcdLocation? location, [NotNullWhen(false)] out string? error)
    {
        bool tls = text.StartsWith(TlsScheme, StringComparison.Ordinal);
        string rest = text[(tls ? TlsScheme : Scheme).Length..];
        (string address, string query) = Split(rest, '?');
        (string hosts, string prefix) = Split(address, '/');
        location = null;
        // Also where the password contains a slash.
        if (address.Contains('@', StringComparison.Ordinal))
        {
            // The text is not repeated: it has a password in it.
            error = "store etcd://…@…: a password on a command line is for everybody to read (write NAME:PASSWORD to a file of mode 0600 "
                + "and give ?user-file=/path)";
            return false;
        }
        var endpoints = ImmutableArray.CreateBuilder<string>();
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        error = ReadEndpoints(hosts, endpoints) ?? ReadPrefix(prefix) ?? ReadOptions(query, tls, files);
        if (error is not null)
        {
            error = $"store '{text}': {error}";
            return false;
        }
        prefix = prefix.Trim('/');
        location = new EtcdLocation
        {
            IsTls = tls,
            Endpoints = endpoints.ToImmutable(),
            KeyPrefix = prefix.Length == 0 ? "" : $"/{prefix}/",
            CaFile = files.GetValueOrDefault("cacert"),
            CertFile = files.GetValueOrDefault("cert"),
            KeyFile = files.GetValueOrDefault("key"),
            UserFile = files.GetValueOrDefault("user-file"),
        };
        return true;
    }

    public bool Equals(EtcdLocation? other) => other?.ToString() == ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public override string ToString()
    {
        string?[] files = [CaFile, CertFile, KeyFile, UserFile];
        string query = string.Join('&', s_files.Zip(files).Where(f => f.Second is not null).Select(f => $"{f.First}={f.Second}"));
        return (IsTls ? TlsScheme : Scheme) + string.Join(',', Endpoints) + KeyPrefix.TrimEnd('/') + (query.Length == 0 ? "" : $"?{query}");
    }

    private static (string Before, string After) Split(string text, char at) =>
        text.IndexOf(at, StringComparison.Ordinal) is >= 0 and int index ? (text[..index], text[(index + 1)..]) : (text, "");

    private static string? ReadEndpoints(string hosts, ImmutableArray<string>.Builder endpoints)
    {
        foreach (string host in hosts.Split(','))
        {
            if (ReadEndpoint(host) is not { } endpoint)
            {
                return $"'{host}' is not HOST:PORT (for example etcd://192.168.2.10:2379,192.168.2.11:2379; IPv6 in brackets)";
            }
            endpoints.Add(endpoint);
        }
        return null;
    }

    private static string? ReadEndpoint(string text)
    {
        int bracket = text.LastIndexOf(']');
        int colon = text.IndexOf(':', bracket + 1);
        (string host, string port) = colon < 0 ? (text, $"{DefaultPort}") : (text[..colon], text[(colon + 1)..]);
        bool isHost = bracket >= 0
            ? host[0] == '[' && IPAddress.TryParse(host.AsSpan(1, bracket - 1), out _) && bracket == host.Length - 1
            : host.Length > 0 && host.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');
        return isHost && ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number) && number > 0
            ? $"{host}:{number}"
            : null;
    }

    private static string? ReadPrefix(string prefix) => prefix.AsSpan().ContainsAnyExceptInRange('!', '~')
        ? $"prefix '{prefix}' has other characters than printable ASCII"
        : null;

    private static string? ReadOptions(string query, bool tls, Dictionary<string, string> files)
    {
        foreach (string option in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            (string name, string path) = Split(option, '=');
            if (!s_files.Contains(name))
            {
                return $"unknown option '{name}' (there are {string.Join(", ", s_files)}; each the path of a file)";
            }
            if (!Path.IsPathFullyQualified(path) || !files.TryAdd(name, path))
            {
                return $"option '{option}': give the absolute path of one file";
            }
        }
        return !tls && files.Keys.FirstOrDefault(n => n != "user-file") is { } needless
                ? $"option '{needless}' is about TLS (write etcds:// for it)"
            : files.ContainsKey("cert") != files.ContainsKey("key")
                ? "a client certificate needs both 'cert' and 'key'"
            : null;
    }
}
