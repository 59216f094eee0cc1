using System.Text;
using Weft.Bpf.Interop;
using Weft.Linux;

namespace Weft.Bpf.Maps;

/// <summary>A map in the kernel, its keys and values as bytes.</summary>
/// <remarks>
/// Spans must have exactly <see cref="BpfMapSchema.KeySize"/> and <see cref="ElementBytes"/> bytes, since the kernel
/// reads and writes that many. Safe to use from several threads: each call is one system call.
/// </remarks>
public sealed partial class BpfMap : IDisposable
{
    internal BpfMap(FileDescriptor fd, string name, BpfMapId id, BpfMapSchema schema)
    {
        Fd = fd;
        Name = name;
        Id = id;
        Schema = schema;
        ElementBytes = schema.IsPerCpu ? RoundUp8(schema.ValueSize) * PossibleCpus.Count : schema.ValueSize;
    }

    public FileDescriptor Fd { get; }

    /// <summary>In full where the map came from an object or a pin; else the 15 bytes that the kernel keeps.</summary>
    public string Name { get; }

    public BpfMapId Id { get; }

    public BpfMapSchema Schema { get; }

    /// <summary>Bytes that one lookup yields: the value size, or one rounded value for each possible CPU.</summary>
    public int ElementBytes { get; }

    public static BpfMap OpenPinned(string path) => FromFd(BpfPin.Open(path, "map"), Path.GetFileName(path));

    /// <summary>Null when nothing is pinned there.</summary>
    public static BpfMap? TryOpenPinned(string path) =>
        BpfPin.TryOpen(path, "map") is { } fd ? FromFd(fd, Path.GetFileName(path)) : null;

    /// <summary>For ids that the kernel hands out, such as the values of a map of maps.</summary>
    public static BpfMap OpenById(BpfMapId id) =>
        FromFd(FileDescriptor.Own(BpfException.Check(LibBpf.MapGetFdById(id.Value), $"open map with id {id}")), name: null);

    public static BpfMap Create(BpfMapDefinition definition)
    {
        using LibBpfLog log = LibBpfLog.Capture();
        return FromFd(CreateFd(definition), definition.Name);
    }

    /// <summary>Takes the descriptor over, also on failure.</summary>
    internal static unsafe BpfMap FromFd(FileDescriptor fd, string? name)
    {
        try
        {
            MapInfo info = default;
            uint size = (uint)sizeof(MapInfo);
            BpfException.Check(LibBpf.ObjGetInfoByFd(fd, &info, ref size), $"read info of map {name}");
            BpfMapSchema schema = new((BpfMapType)info.Type, (int)info.KeySize, (int)info.ValueSize, info.MaxEntries, (BpfMapFlags)info.Flags);
            return new BpfMap(fd, name ?? Encoding.UTF8.GetString(((ReadOnlySpan<byte>)info.Name).SliceAtZero()), new BpfMapId(info.Id), schema);
        }
        catch
        {
            fd.Dispose();
            throw;
        }
    }

    public void Pin(string path) => BpfPin.Pin(Fd, path, $"map {Name}");

    /// <summary>As <see cref="Pin"/>, but takes the place of whatever is pinned there, in one step.</summary>
    public void PinReplacing(string path) => BpfPin.PinReplacing(Fd, path, $"map {Name}");

    /// <summary>False when nothing was pinned there.</summary>
    public static bool Unpin(string path) => BpfPin.Remove(path);

    /// <summary>User space cannot write the map from now on; programs can.</summary>
    public void Freeze() => BpfException.Check(LibBpf.MapFreeze(Fd), $"freeze map {Name}");

    public void Dispose() => Fd.Dispose();

    public override string ToString() => $"map {Name} (id {Id}, {Schema.Type})";

    internal static int RoundUp8(int size) => (size + 7) & ~7;

    private static unsafe FileDescriptor CreateFd(BpfMapDefinition definition)
    {
        MapCreateOptions options = new()
        {
            Size = (nuint)sizeof(MapCreateOptions),
            MapFlags = (uint)definition.Flags,
            InnerMapFd = (uint)(definition.InnerTemplate?.Fd.Number ?? 0),
        };
        int fd = LibBpf.MapCreate(
            (uint)definition.Type, definition.Name, (uint)definition.KeySize, (uint)definition.ValueSize, definition.MaxEntries, &options);
        GC.KeepAlive(definition.InnerTemplate);
        return FileDescriptor.Own(BpfException.Check(
            fd,
            $"create map {definition.Name} ({definition.Type}, key {definition.KeySize} B, value {definition.ValueSize} B, {definition.MaxEntries} entries)"));
    }
}
