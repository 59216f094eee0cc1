namespace EndToEnd.Harness;

/// <summary>Something that a test broke, until it is mended.</summary>
internal sealed class Fault(Action mend) : IDisposable
{
    public void Dispose() => mend();
}
