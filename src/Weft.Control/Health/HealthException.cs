namespace Weft.Control.Health;

/// <summary>A part of the cluster's health checks that cannot be set up; the node goes on without it.</summary>
public sealed class HealthException(string message, Exception inner) : Exception(message, inner);
