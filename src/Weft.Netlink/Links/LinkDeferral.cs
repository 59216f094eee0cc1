namespace Weft.Netlink.Links;

/// <summary>Parts the settings of a new device into those of the creating request and those that the kernel takes only later.</summary>
internal static class LinkDeferral
{
    /// <param name="settings">All that is wanted.</param>
    /// <param name="upLater">Whether setting the device up has to wait in any case.</param>
    public static (LinkSettings Now, LinkSettings? Later) Split(LinkSettings settings, bool upLater = false)
    {
        // rtnl_create_link (net/core/rtnetlink.c) passes over both.
        bool hasLate = settings.Alias is not null || settings.GenerateIPv6Address is not null;
        bool defersUp = settings.Up is not null && (hasLate || upLater);
        if (!hasLate && !defersUp)
        {
            return (settings, null);
        }

        LinkSettings now = settings with { Alias = null, GenerateIPv6Address = null, Up = null };
        LinkSettings later = new()
        {
            Alias = settings.Alias,
            GenerateIPv6Address = settings.GenerateIPv6Address,
            Up = settings.Up,
        };
        return (now, later);
    }
}
