using Weft.Events.Hops;

namespace Weft.Cli.Trace;

/// <summary>Writes what <c>weft trace kernel</c> sees.</summary>
internal interface IKernelWriter
{
    void Begin();

    /// <param name="seen">Of any node.</param>
    /// <param name="function">Of the kernel, or the point of a program.</param>
    void Write(Sighting seen, string function);
}
