using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Weft.Bpf.Interop;

/// <summary>What libbpf says while one call runs, instead of its default of writing to stderr.</summary>
/// <remarks>
/// libbpf has one print function for the process and calls it on the thread that called libbpf, so the lines are
/// kept per thread; that is why there is static state here. Outside of a scope they are dropped.
/// </remarks>
internal sealed unsafe class LibBpfLog : IDisposable
{
    private const int LevelInfo = 1;
    private const int LineBytes = 2048;
    private const int MaxLines = 200;
    private static readonly Lazy<bool> s_installed = new(Install);

    [ThreadStatic]
    private static LibBpfLog? t_current;

    private readonly LibBpfLog? _outer;
    private readonly List<string> _lines = [];

    private LibBpfLog(LibBpfLog? outer) => _outer = outer;

    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Makes sure that libbpf is silent on stderr; called before every use of the library that may talk.</summary>
    public static LibBpfLog Capture()
    {
        _ = s_installed.Value;
        LibBpfLog log = new(t_current);
        t_current = log;
        return log;
    }

    /// <summary>The last warning without the prefix; empty when there was none.</summary>
    public string LastLine => _lines.Count == 0 ? "" : _lines[^1];

    public void Dispose() => t_current = _outer;

    private static bool Install()
    {
        LibBpf.SetPrint(&Print);
        return true;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Print(int level, byte* format, nint arguments)
    {
        LibBpfLog? log = t_current;
        if (level > LevelInfo || log is null || log._lines.Count >= MaxLines)
        {
            return 0;
        }

        byte* buffer = stackalloc byte[LineBytes];
        int length = Math.Min(LibC.FormatV(buffer, LineBytes, format, arguments), LineBytes - 1);
        if (length > 0)
        {
            string text = Encoding.UTF8.GetString(buffer, length).TrimEnd();
            log._lines.Add(text.StartsWith("libbpf: ", StringComparison.Ordinal) ? text["libbpf: ".Length..] : text);
        }

        return length;
    }
}
