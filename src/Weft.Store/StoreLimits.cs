using System.Text;

namespace Weft.Store;

/// <summary>Sizes that every store takes; etcd's default of 1.5 MiB a request is the tightest of them.</summary>
public static class StoreLimits
{
    public const int MaxKeyLength = 16 * 1024;
    public const int MaxValueLength = 1024 * 1024;
    public static readonly TimeSpan MinTimeToLive = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan MaxTimeToLive = TimeSpan.FromDays(1);

    /// <summary>Keys are printable ASCII, so that order and prefixes mean the same in every store.</summary>
    public static void CheckKey(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        CheckPrefix(key);
    }

    public static void CheckPrefix(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        if (prefix.Length > MaxKeyLength)
        {
            throw new ArgumentException($"store key of {prefix.Length} characters: at most {MaxKeyLength} are possible", nameof(prefix));
        }
        if (prefix.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw new ArgumentException("store key with characters other than printable ASCII", nameof(prefix));
        }
    }

    public static void CheckPut(StorePut put)
    {
        ArgumentNullException.ThrowIfNull(put);
        CheckKey(put.Key);
        if (put.Value.Length > MaxValueLength)
        {
            throw new ArgumentException(
                $"store value of {put.Value.Length} bytes for {put.Key}: at most {MaxValueLength} are possible", nameof(put));
        }
    }

    public static void CheckTimeToLive(TimeSpan timeToLive)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeToLive, MinTimeToLive);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeToLive, MaxTimeToLive);
    }

    /// <summary>The first key after all keys with this prefix, or null where there is no bound.</summary>
    internal static string? EndOf(string prefix)
    {
        var end = new StringBuilder(prefix);
        if (end.Length == 0)
        {
            return null;
        }
        end[^1]++;
        return end.ToString();
    }
}
