using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Weft.Cli.Hosting;

/// <summary>The process's standard output, buffered, which fails when nobody reads it any more.</summary>
/// <remarks>
/// <see cref="Console.Out"/> swallows EPIPE, so <c>weft monitor | head</c> would run for ever. Commands that produce over time
/// flush after each batch; all others are flushed at the end.
/// </remarks>
internal sealed class StandardOutput : IDisposable
{
    private const int Descriptor = 1;
    private const int BufferSize = 32 * 1024;

    public StandardOutput()
    {
        SafeFileHandle handle = new(Descriptor, ownsHandle: false);
        Writer = new StreamWriter(new FileStream(handle, FileAccess.Write, bufferSize: 0), new UTF8Encoding(false), BufferSize);
    }

    public TextWriter Writer { get; }

    public void Dispose()
    {
        try
        {
            Writer.Dispose();
        }
        catch (IOException)
        {
            // The reader is gone, which CommandLine.RunAsync has already turned into the exit code.
        }
    }
}
