namespace Weft.Bpf.Tests;

/// <summary>The objects that the build compiles from bpf/*.bpf.c.</summary>
internal static class TestObject
{
    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "bpf", $"{name}.o"));

    public static BpfObjectSpec Open(string name) => BpfObjectSpec.Open(Bytes(name), $"{name}.o");

    public static BpfObject Load(string name)
    {
        using BpfObjectSpec spec = Open(name);
        return spec.Load();
    }
}
