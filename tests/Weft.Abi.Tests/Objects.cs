using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Weft.Bpf.Btf;

namespace Weft.Abi.Tests;

/// <summary>The compiled datapath and its sources: what the C# side is compared with.</summary>
internal static partial class Objects
{
    /// <summary>Headers whose structs and enums user space shares.</summary>
    private static readonly string[] Headers = ["abi.h", "abi_addr.h", "abi_events.h", "abi_flows.h", "abi_services.h", "reasons.h", "debug.h"];

    /// <summary>Type information of every object that Weft.Datapath embeds, by file name.</summary>
    public static IReadOnlyDictionary<string, BtfData> Btf { get; } = Load();

    /// <summary>Names of the structs and enums that those headers define.</summary>
    public static IEnumerable<string> SharedTypes() =>
        from header in Headers
        let source = File.ReadAllText(Path.Combine(SourceRoot(), "include", "weft", header))
        from Match definition in Definition().Matches(source)
        select definition.Groups[1].Value;

    /// <summary>The folder bpf/ of the repository.</summary>
    public static string SourceRoot([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "bpf"));

    private static Dictionary<string, BtfData> Load()
    {
        var assembly = Assembly.Load("Weft.Datapath");
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith("weft.bpf.", StringComparison.Ordinal))
            .ToDictionary(name => name, name => BtfData.FromObject(Read(assembly, name)) ?? throw new InvalidDataException($"{name} has no BTF"));
    }

    private static byte[] Read(Assembly assembly, string name)
    {
        using Stream stream = assembly.GetManifestResourceStream(name)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    [GeneratedRegex(@"^(?:struct|enum) (weft_\w+) \{", RegexOptions.Multiline)]
    private static partial Regex Definition();
}
