using System.Net;

namespace Weft.Lab.Probes;

/// <summary>Who asks whom at which of its addresses; both by their names in a lab.</summary>
public sealed record ProbePair(string Source, string Destination, IPAddress Address);
