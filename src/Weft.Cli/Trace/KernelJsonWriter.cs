using System.Text.Json;
using Weft.Cli.Output;
using Weft.Events.Hops;

namespace Weft.Cli.Trace;

/// <summary>An object a line.</summary>
internal sealed class KernelJsonWriter(TextWriter output, KernelOptions options) : IKernelWriter
{
    public void Begin()
    {
    }

    public void Write(Sighting seen, string function) => output.WriteLine(
        JsonSerializer.Serialize(KernelDocument.Of(seen, function, options), JsonOutput.Lines.KernelDocument));
}
