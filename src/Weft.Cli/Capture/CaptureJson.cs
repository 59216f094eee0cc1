using System.Buffers;
using System.Text.Json;
using Weft.Cli.Hosting;
using Weft.Cli.Output;
using Weft.Events.Hops;

namespace Weft.Cli.Capture;

/// <summary>An object on a line for each packet.</summary>
internal sealed class CaptureJson(Invocation invocation, CaptureNames names, CaptureTextOptions options) : ICaptureWriter
{
    private readonly ArrayBufferWriter<byte> _scratch = new();

    public void Write(Sighting seen) =>
        invocation.Output.WriteLine(JsonSerializer.Serialize(CaptureLine.Of(seen, names, options, _scratch), JsonOutput.Lines.CaptureLine));

    public Task FlushAsync() => invocation.Output.FlushAsync();

    public Task FinishAsync(IReadOnlyDictionary<string, ulong> lost) => FlushAsync();

    public void Dispose()
    {
    }
}
