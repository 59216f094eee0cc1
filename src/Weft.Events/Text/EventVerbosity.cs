namespace Weft.Events;

/// <summary>How much text an event makes.</summary>
public enum EventVerbosity
{
    /// <summary>One line an event; debug messages are left out.</summary>
    Info = 0,

    /// <summary><c>-v</c>: debug messages too.</summary>
    Verbose = 1,

    /// <summary><c>-vv</c>: a header and a line for every layer of the packet.</summary>
    Layers = 2,
}
