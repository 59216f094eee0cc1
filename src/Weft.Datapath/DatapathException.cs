namespace Weft.Datapath;

/// <summary>The node is not as the datapath needs it, and a person has to change that; the message says what.</summary>
public sealed class DatapathException : Exception
{
    public DatapathException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
