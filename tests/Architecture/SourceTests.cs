using System.Text.RegularExpressions;

namespace Architecture;

/// <summary>Rules about C# sources that the compiler does not know.</summary>
public sealed partial class SourceTests
{
    private const int LongestFile = 500;

    /// <summary>Words that say nothing about a type's role, as the last word of its name.</summary>
    private static readonly string[] s_bannedNames = ["Manager", "Helper", "Helpers", "Util", "Utils", "Common", "Misc", "Base", "Impl", "Service"];

    [Fact]
    public void No_type_has_a_name_that_says_nothing()
    {
        IEnumerable<string> breaches =
            from file in SourceTree.Files("src", ".cs").Concat(SourceTree.Files("tests", ".cs"))
            from line in SourceTree.Lines(file)
            from Match match in TypeDeclaration().Matches(line)
            let name = match.Groups["name"].Value
            where s_bannedNames.Any(word => name.EndsWith(word, StringComparison.Ordinal))
            select $"{file}: {name}";
        Assert.Empty(breaches);
    }

    [Fact]
    public void No_file_is_longer_than_500_lines()
    {
        IEnumerable<string> breaches =
            from file in SourceTree.Files("src", ".cs").Concat(SourceTree.Files("bpf", ".c", ".h")).Concat(SourceTree.Files("tests", ".cs"))
            let length = SourceTree.Lines(file).Length
            where length > LongestFile
            select $"{file}: {length} lines";
        Assert.Empty(breaches);
    }

    [Fact]
    public void A_file_has_one_public_type_and_its_name()
    {
        IEnumerable<string> breaches =
            from file in SourceTree.Files("src", ".cs")
            let names = SourceTree.Lines(file).Select(line => PublicTopLevelType().Match(line)).Where(match => match.Success)
                .Select(match => match.Groups["name"].Value).Distinct().ToList()
            where names.Count > 1
            select $"{file}: {string.Join(", ", names)}";
        Assert.Empty(breaches);
    }

    /// <summary>The kernel is spoken to by its own interfaces; those commands are for people.</summary>
    [Fact]
    public void No_source_starts_a_networking_command()
    {
        IEnumerable<string> breaches =
            from file in SourceTree.Files("src", ".cs")
            from line in SourceTree.Lines(file)
            where StartsNetworkingCommand().IsMatch(line)
            select $"{file}: {line.Trim()}";
        Assert.Empty(breaches);
    }

    [Fact]
    public void Nothing_sleeps_in_tests()
    {
        IEnumerable<string> breaches =
            from file in SourceTree.Files("tests", ".cs")
            where !file.StartsWith("tests/Architecture/", StringComparison.Ordinal) && Path.GetFileName(file) != "Eventually.cs"
            from line in SourceTree.Lines(file)
            where line.Contains("Thread.Sleep(", StringComparison.Ordinal)
            select $"{file}: {line.Trim()}";
        Assert.Empty(breaches);
    }

    /// <summary>A suppressed warning carries its reason on the same line.</summary>
    [Fact]
    public void A_disabled_warning_has_a_reason()
    {
        IEnumerable<string> breaches =
            from file in SourceTree.Files("src", ".cs").Concat(SourceTree.Files("tests", ".cs"))
            from line in SourceTree.Lines(file)
            where DisabledWarning().IsMatch(line) && !line.Contains("//", StringComparison.Ordinal)
            select $"{file}: {line.Trim()}";
        Assert.Empty(breaches);
    }

    [GeneratedRegex(@"^\s*(?:(?:public|internal|private|protected|file|static|sealed|abstract|partial|readonly|ref|unsafe)\s+)*(?:class|struct|record(?:\s+struct|\s+class)?|interface|enum)\s+(?<name>[A-Z]\w*)")]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"^public\s+(?:(?:static|sealed|abstract|partial|readonly|ref|unsafe)\s+)*(?:class|struct|record(?:\s+struct|\s+class)?|interface|enum)\s+(?<name>[A-Z]\w*)")]
    private static partial Regex PublicTopLevelType();

    [GeneratedRegex(@"(Process\.Start|ProcessStartInfo|Spawn\w*)\s*\(\s*""(?:/\w+)*/?(?:ip|tc|bpftool|iptables|nft|bridge|ethtool)""")]
    private static partial Regex StartsNetworkingCommand();

    [GeneratedRegex(@"^\s*#pragma warning disable")]
    private static partial Regex DisabledWarning();
}
