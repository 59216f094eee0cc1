using System.Collections.Frozen;
using System.Globalization;
using System.Net;

namespace EndToEnd.Harness;

/// <summary>What a <see cref="Caller"/> found when it called a server.</summary>
/// <param name="Error">Name of the errno; null: it went well.</param>
internal sealed record Answer(string? Error, FrozenDictionary<string, string> Values)
{
    /// <summary>The server that answered, by its own name.</summary>
    public string Server => Values["server"];

    /// <summary>The client's address as the server saw it.</summary>
    public IPAddress Client => IPAddress.Parse(Values["client"]);

    /// <summary>Whom the client's socket has as its peer, as <c>ADDRESS:PORT</c>; of unconnected ones the sender of the answer.</summary>
    public string Peer => Values["peer"];

    public TimeSpan Took => TimeSpan.FromSeconds(double.Parse(Values["seconds"], CultureInfo.InvariantCulture));

    public static Answer Parse(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string? error = words[0] == "failed" ? words[1] : null;
        return new Answer(error, words.Where(word => word.Contains('=', StringComparison.Ordinal))
            .Select(word => word.Split('=', 2)).ToFrozenDictionary(pair => pair[0], pair => pair[1]));
    }

    public override string ToString() => $"{Error ?? "ok"} {string.Join(' ', Values.Select(pair => $"{pair.Key}={pair.Value}"))}";
}
