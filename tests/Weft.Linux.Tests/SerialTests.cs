namespace Weft.Linux.Tests;

/// <summary>Tests that count descriptors of the process or children of it: nothing else runs meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SerialTests
{
    public const string Name = "serial";
}
