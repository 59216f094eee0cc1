namespace Weft.Netlink.Links;

/// <summary>The kernel's rule for device names (<c>dev_valid_name</c>), told before the kernel says only "Invalid argument".</summary>
public static class LinkName
{
    /// <summary>IFNAMSIZ without the zero byte at the end.</summary>
    public const int MaxLength = 15;

    public static bool IsValid(string name) => Problem(name) is null;

    internal static void ThrowIfInvalid(string name)
    {
        if (Problem(name) is { } problem)
        {
            throw new ArgumentException($"device name '{name}': {problem}", nameof(name));
        }
    }

    private static string? Problem(string name)
    {
        if (name.Length == 0)
        {
            return "empty";
        }

        if (System.Text.Encoding.UTF8.GetByteCount(name) > MaxLength)
        {
            return $"longer than {MaxLength} bytes";
        }

        if (name is "." or "..")
        {
            return "reserved";
        }

        return name.Any(c => c is '/' or ':' || char.IsWhiteSpace(c)) ? "holds '/', ':' or white space" : null;
    }
}
