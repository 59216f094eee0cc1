using System.Xml.Linq;

namespace Architecture;

/// <summary>The repository as files, found by walking up from the test program to Weft.slnx.</summary>
internal static class SourceTree
{
    private static readonly string[] s_generatedFolders = ["/bin/", "/obj/", "/out/", "/.git/"];

    /// <summary>Absolute path of the folder that holds Weft.slnx.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Projects below src/, by name.</summary>
    public static IReadOnlyDictionary<string, XDocument> SourceProjects { get; } =
        Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetFileNameWithoutExtension(path), XDocument.Load, StringComparer.Ordinal);

    /// <summary>Paths relative to the root of files that people wrote, in order.</summary>
    public static IEnumerable<string> Files(string folder, params string[] extensions) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
            .Where(path => !s_generatedFolders.Any(path.Contains))
            .Where(path => extensions.Contains(Path.GetExtension(path)))
            .Select(path => Path.GetRelativePath(Root, path))
            .Order(StringComparer.Ordinal);

    public static string[] Lines(string relativePath) => File.ReadAllLines(Path.Combine(Root, relativePath));

    /// <summary>Names of the projects that a project file refers to.</summary>
    public static IEnumerable<string> References(XDocument project) =>
        project.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Weft.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"find Weft.slnx above {AppContext.BaseDirectory}: not there");
    }
}
