using System.Text;
using Weft.Linux;

namespace Weft.Cli.Hosting;

/// <summary>The process's standard output, buffered, which fails when nobody reads it any more.</summary>
/// <remarks>Commands that produce over time flush after each batch; all others are flushed at the end.</remarks>
internal sealed class StandardOutput : IDisposable
{
    private const int BufferSize = 32 * 1024;

    public TextWriter Writer { get; } =
        new StreamWriter(new DescriptorStream(DescriptorStream.StandardOutput), new UTF8Encoding(false), BufferSize);

    public void Dispose()
    {
        try
        {
            Writer.Dispose();
        }
        catch (LinuxException)
        {
            // CommandLine.RunAsync has flushed, and turned the failure into the exit code.
        }
    }
}
