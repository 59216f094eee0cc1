namespace Weft.Control.Services;

/// <summary>What a write to the store did.</summary>
public enum ServiceWrite
{
    Created,
    Changed,
    /// <summary>It was there already, the same.</summary>
    Unchanged,
}
