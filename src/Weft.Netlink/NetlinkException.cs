using System.Globalization;
using Weft.Linux;

namespace Weft.Netlink;

/// <summary>A netlink request that the kernel refused.</summary>
/// <remarks>
/// The message holds everything: what was tried, the error number, the kernel's own words and the attribute that it objects to.
/// </remarks>
public sealed class NetlinkException : LinuxException
{
    public NetlinkException(string attempt, Errno errno, string? advice = null)
        : this(attempt, errno, ExtendedAck.None, advice)
    {
    }

    internal NetlinkException(string attempt, Errno errno, ExtendedAck ack, string? advice)
        : base(attempt, errno, Reason(errno, ack), advice)
    {
        KernelText = ack.Text;
        AttributeOffset = ack.Offset;
        AttributeType = ack.AttributeType;
    }

    /// <summary>The kernel's explanation (NLMSGERR_ATTR_MSG), where it gave one.</summary>
    public string? KernelText { get; }

    /// <summary>Bytes from the start of the request to the attribute that the kernel objects to.</summary>
    public int? AttributeOffset { get; }

    /// <summary>Number, within its parent, of the attribute at <see cref="AttributeOffset"/>, or of the one that is missing.</summary>
    public int? AttributeType { get; }

    private static string Reason(Errno errno, ExtendedAck ack)
    {
        string reason = errno.Describe();
        if (ack.Text is not null)
        {
            reason = $"{reason}: {ack.Text}";
        }

        return (ack.Offset, ack.AttributeType) switch
        {
            (int offset, int type) => string.Create(CultureInfo.InvariantCulture, $"{reason}, attribute {type} at offset {offset}"),
            (int offset, null) => string.Create(CultureInfo.InvariantCulture, $"{reason}, at offset {offset}"),
            (null, int missing) => string.Create(CultureInfo.InvariantCulture, $"{reason}, attribute {missing} is missing"),
            _ => reason,
        };
    }
}
