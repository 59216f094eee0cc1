namespace Weft.Cni.Protocol;

/// <summary>A failure as the runtime is told of it.</summary>
/// <param name="code">One of <see cref="CniErrorCode"/>.</param>
/// <param name="details">What the message would be too long with.</param>
internal sealed class CniException(int code, string message, string? details = null) : Exception(message)
{
    public int Code { get; } = code;

    public string? Details { get; } = details;
}
