using Weft.Linux;

namespace Weft.Netlink.Links;

/// <summary>What to do about the errors of device requests that have one likely cause.</summary>
internal static class LinkAdvice
{
    public static string? ForCreate(Errno errno) => errno switch
    {
        Errno.EEXIST => "a device of that name exists: delete it or take another name",
        Errno.EOPNOTSUPP => "the kernel does not have that kind of device: load its module",
        _ => null,
    };

    public static string? ForCreateVxlan(Errno errno) => errno switch
    {
        Errno.EEXIST => "a device of that name, or another VXLAN device for the same port or VNI, exists: delete it or take another",
        Errno.EADDRINUSE => "a process has the UDP port: take another port or stop it",
        Errno.EOPNOTSUPP => "the kernel does not have VXLAN: load module vxlan",
        _ => null,
    };

    public static string? ForRename(Errno errno) => errno switch
    {
        Errno.EEXIST => "a device of that name exists: delete it or take another name",
        Errno.EBUSY => "kernels before 6.3 rename only devices that are down",
        _ => null,
    };

    public static string? ForChange(Errno errno) => errno switch
    {
        Errno.EEXIST => "the target namespace has a device of that name or index: rename the device first",
        Errno.ENODEV => "it is gone, or the master is",
        _ => null,
    };
}
