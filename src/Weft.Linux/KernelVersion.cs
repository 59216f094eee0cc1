using System.Globalization;

namespace Weft.Linux;

/// <summary>Version of a kernel, for a first guess at what it can do. Where a feature can be probed, a probe knows better.</summary>
public readonly record struct KernelVersion(int Major, int Minor, int Patch = 0) : IComparable<KernelVersion>
{
    private static readonly Lazy<KernelVersion> s_current = new(() => Parse(File.ReadAllText("/proc/sys/kernel/osrelease")));

    /// <summary>The running kernel's.</summary>
    public static KernelVersion Current => s_current.Value;

    public static bool operator <(KernelVersion left, KernelVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(KernelVersion left, KernelVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(KernelVersion left, KernelVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(KernelVersion left, KernelVersion right) => left.CompareTo(right) >= 0;

    /// <summary>Reads a release as <c>uname -r</c> prints it; what distributions append is passed over.</summary>
    public static KernelVersion Parse(string release)
    {
        ReadOnlySpan<char> rest = release.AsSpan().Trim();
        if (!TryTakeNumber(ref rest, out int major) || !TryTakeNumber(ref rest, out int minor))
        {
            throw new FormatException($"'{release.Trim()}' is not a kernel release such as 6.1.0-23-amd64");
        }

        return new KernelVersion(major, minor, TryTakeNumber(ref rest, out int patch) ? patch : 0);
    }

    public int CompareTo(KernelVersion other) => (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}");

    /// <summary>Takes digits and one dot after them.</summary>
    private static bool TryTakeNumber(ref ReadOnlySpan<char> rest, out int number)
    {
        int digits = rest.IndexOfAnyExceptInRange('0', '9');
        digits = digits < 0 ? rest.Length : digits;
        if (!int.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out number))
        {
            return false;
        }

        rest = rest[digits..];
        rest = rest.StartsWith(".") ? rest[1..] : default;
        return true;
    }
}
