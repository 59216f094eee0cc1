using Weft.Linux;

namespace Weft.Netlink;

/// <summary>What a request is for, told when it fails: the words for the message and the advice per error.</summary>
/// <param name="Attempt">What is tried, on what: <c>create device lxc4f2a of type veth</c>.</param>
/// <param name="Advice">What to do about an error number that has one likely cause here; null elsewhere.</param>
public readonly record struct NetlinkRequest(string Attempt, Func<Errno, string?>? Advice = null)
{
    internal NetlinkException Failure(Errno errno, ExtendedAck ack) => new(Attempt, errno, ack, Advice?.Invoke(errno) ?? General(errno));

    private static string? General(Errno errno) => errno switch
    {
        Errno.EPERM or Errno.EACCES => "run as root or with CAP_NET_ADMIN in the network namespace",
        _ => null,
    };
}
