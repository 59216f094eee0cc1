namespace Weft.Lab.Probes;

/// <summary>Whether one member of a lab reaches another, as a probe found.</summary>
public sealed record Reach(ProbePair Pair, EchoResult Result);
