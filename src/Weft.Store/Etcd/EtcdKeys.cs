using System.Diagnostics.CodeAnalysis;
using System.Text;
using Google.Protobuf;
using Weft.Store.Etcd.Wire;

namespace Weft.Store.Etcd;

/// <summary>Keys of the store as keys of etcd, which may hold other stores and other programs' keys too.</summary>
internal sealed class EtcdKeys(string prefix)
{
    private const string IncarnationKey = "weft/incarnation";

    private static readonly ByteString s_zero = ByteString.CopyFrom(0);

    /// <summary>A random text, put by whoever first lists an empty store. It is no entry of the store.</summary>
    /// <remarks>etcd's cluster id is made of the members' names and addresses: an etcd that lost its data has the same one again.</remarks>
    public ByteString Incarnation { get; } = Ascii(prefix + IncarnationKey);

    public ByteString Of(string key) => Ascii(prefix + key);

    /// <summary>The range of all keys that begin so; etcd's end for no bound is one zero byte.</summary>
    public (ByteString From, ByteString End) RangeOf(string keyPrefix)
    {
        string whole = prefix + keyPrefix;
        return (whole.Length == 0 ? s_zero : Ascii(whole), StoreLimits.EndOf(whole) is { } end ? Ascii(end) : s_zero);
    }

    /// <summary>False for the incarnation, and for what is no key of a store.</summary>
    public bool TryRead(ByteString key, [NotNullWhen(true)] out string? name)
    {
        name = key.Equals(Incarnation) ? null : Encoding.ASCII.GetString(key.Span)[prefix.Length..];
        return name is not null;
    }

    public StoreEntry? Read(KeyValue kv) => TryRead(kv.Key, out string? name)
        ? new StoreEntry(name, kv.Value.Memory, new Revision(kv.CreateRevision), new Revision(kv.ModRevision), kv.Lease != 0)
        : null;

    private static ByteString Ascii(string text) => UnsafeByteOperations.UnsafeWrap(Encoding.ASCII.GetBytes(text));
}
