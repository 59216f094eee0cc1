namespace Weft.Cri;

/// <summary>A container runtime does not answer, or refuses.</summary>
public sealed class CriException : Exception
{
    public CriException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
