namespace Weft.Lab;

/// <summary>Something about a lab that its user can do something about: what was tried, on what, why (what to do).</summary>
public sealed class LabException : Exception
{
    public LabException(string message)
        : base(message)
    {
    }

    public LabException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
