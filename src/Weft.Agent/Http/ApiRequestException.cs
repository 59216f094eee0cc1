namespace Weft.Agent.Http;

/// <summary>A request that cannot be understood: the client's fault, answered with 400.</summary>
internal sealed class ApiRequestException(string message, Exception? inner = null) : Exception(message, inner);
