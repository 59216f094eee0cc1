namespace Weft.Datapath.Loading;

/// <summary>The compiled programs, which are part of this assembly.</summary>
internal static class DatapathObjects
{
    /// <summary>One object an attach point.</summary>
    public static readonly string[] Names =
        ["weft.bpf.pod.o", "weft.bpf.overlay.o", "weft.bpf.netdev.o", "weft.bpf.host.o", "weft.bpf.sock.o"];

    public static byte[] Read(string name)
    {
        using Stream stream = typeof(DatapathObjects).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException(
                $"object {name} is not part of {typeof(DatapathObjects).Assembly.GetName().Name}: the build left it out");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
