using System.Xml.Linq;

namespace Architecture;

/// <summary>The layers: a project uses only projects below it (README.md says what each is for).</summary>
public sealed class LayerTests
{
    /// <summary>Layer of every project. Within a layer, only the pairs in <see cref="s_sidewise"/> may use each other.</summary>
    private static readonly Dictionary<string, int> s_layers = new(StringComparer.Ordinal)
    {
        ["Weft.Model"] = 0,
        ["Weft.Abi"] = 0,
        ["Weft.Packets"] = 0,
        ["Weft.Linux"] = 0,
        ["Weft.Netlink"] = 1,
        ["Weft.Bpf"] = 1,
        ["Weft.Policy"] = 1,
        ["Weft.Services"] = 1,
        ["Weft.Cri"] = 1,
        ["Weft.Datapath"] = 2,
        ["Weft.Store"] = 2,
        ["Weft.Events"] = 2,
        ["Weft.Api"] = 2,
        ["Weft.Control"] = 3,
        ["Weft.Lab"] = 4,
        ["Weft.Agent"] = 4,
        ["Weft.Operator"] = 4,
        ["Weft.Cni"] = 4,
        ["Weft.Cli"] = 4,
    };

    /// <summary>The lab is a library that the command line offers as 'weft lab'.</summary>
    private static readonly HashSet<(string From, string To)> s_sidewise = [("Weft.Cli", "Weft.Lab")];

    /// <summary>What may be used by projects that must stay usable alone (layers 0 to 2).</summary>
    private static readonly Dictionary<string, string[]> s_mayUse = new(StringComparer.Ordinal)
    {
        ["Weft.Model"] = [],
        ["Weft.Abi"] = [],
        ["Weft.Packets"] = [],
        ["Weft.Linux"] = [],
        ["Weft.Netlink"] = ["Weft.Linux"],
        ["Weft.Bpf"] = ["Weft.Linux"],
        ["Weft.Policy"] = ["Weft.Model"],
        ["Weft.Services"] = ["Weft.Model"],
        ["Weft.Cri"] = [],
        ["Weft.Store"] = ["Weft.Model", "Weft.Linux"],
        ["Weft.Events"] = ["Weft.Abi", "Weft.Model", "Weft.Packets"],
        ["Weft.Api"] = ["Weft.Model"],
    };

    private static readonly string[] s_unsafe = ["Weft.Bpf", "Weft.Linux"];

    [Fact]
    public void Every_project_has_a_layer()
    {
        IEnumerable<string> breaches = SourceTree.SourceProjects.Keys.Except(s_layers.Keys);
        Assert.Empty(breaches);
    }

    [Fact]
    public void Arrows_point_down_only()
    {
        IEnumerable<string> breaches =
            from project in SourceTree.SourceProjects
            from reference in SourceTree.References(project.Value)
            where s_layers[reference] >= s_layers[project.Key] && !s_sidewise.Contains((project.Key, reference))
            select $"{project.Key} (layer {s_layers[project.Key]}) uses {reference} (layer {s_layers[reference]})";
        Assert.Empty(breaches);
    }

    [Fact]
    public void Lower_projects_use_only_what_their_row_allows()
    {
        IEnumerable<string> breaches =
            from project in SourceTree.SourceProjects
            where s_mayUse.ContainsKey(project.Key)
            from reference in SourceTree.References(project.Value)
            where !s_mayUse[project.Key].Contains(reference)
            select $"{project.Key} uses {reference}; it may use: {string.Join(", ", s_mayUse[project.Key])}";
        Assert.Empty(breaches);
    }

    [Fact]
    public void No_executable_uses_another()
    {
        HashSet<string> executables = [.. SourceTree.SourceProjects.Where(p => IsExecutable(p.Value)).Select(p => p.Key)];
        IEnumerable<string> breaches =
            from project in SourceTree.SourceProjects
            from reference in SourceTree.References(project.Value)
            where executables.Contains(reference)
            select $"{project.Key} uses the executable {reference}";
        Assert.Empty(breaches);
    }

    [Fact]
    public void Only_two_projects_may_be_unsafe()
    {
        IEnumerable<string> unsafeProjects =
            from project in SourceTree.SourceProjects
            where project.Value.Descendants("AllowUnsafeBlocks").Any(element => element.Value == "true")
            orderby project.Key
            select project.Key;
        Assert.Equal(s_unsafe, unsafeProjects);
    }

    [Fact]
    public void Package_versions_are_central()
    {
        IEnumerable<string> breaches =
            from project in SourceTree.SourceProjects
            from package in project.Value.Descendants("PackageReference")
            where package.Attribute("Version") is not null
            select $"{project.Key}: {package.Attribute("Include")?.Value}";
        Assert.Empty(breaches);
    }

    private static bool IsExecutable(XDocument project) =>
        project.Descendants("OutputType").Any(element => element.Value == "Exe");
}
