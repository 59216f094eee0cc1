namespace Weft.Cli.Capture;

/// <summary>What lines of text tell of packets.</summary>
/// <param name="Numeric">No names of addresses.</param>
/// <param name="Link">Addresses of the link.</param>
/// <param name="Verbosity">1: more of the headers; 2: a line for each header.</param>
/// <param name="Hex">The bytes in hexadecimal.</param>
/// <param name="Characters">... and as characters.</param>
/// <param name="Point">The point of the kernel, where it does not follow from the direction.</param>
internal sealed record CaptureTextOptions(bool Numeric, bool Link, int Verbosity, bool Hex, bool Characters, bool Point);
