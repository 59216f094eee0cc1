namespace Weft.Control.Services;

/// <summary>One entry could not be written; what was there of it before is as it was.</summary>
/// <param name="isFull">The table has no room; others of its kind keep working.</param>
public sealed class ServiceMapException(string message, bool isFull, Exception? cause = null) : Exception(message, cause)
{
    public bool IsFull => isFull;
}
