using Weft.Events.Hops;

namespace Weft.Cli.Capture;

/// <summary>Where captured packets go.</summary>
internal interface ICaptureWriter : IDisposable
{
    void Write(Sighting seen);

    /// <summary>Lets a reader have what was written so far.</summary>
    Task FlushAsync();

    /// <summary>Writes what comes behind the last packet.</summary>
    /// <param name="lost">By node, of packets that are missing.</param>
    Task FinishAsync(IReadOnlyDictionary<string, ulong> lost);
}
