using System.Runtime.CompilerServices;
using Xunit.Sdk;

namespace Weft.Tests.Shared;

/// <summary>
/// Compares text with a file next to the test's source, in a folder <c>Golden</c>; <c>WEFT_UPDATE_GOLDEN=1</c> rewrites it.
/// </summary>
public static class Golden
{
    private const string UpdateVariable = "WEFT_UPDATE_GOLDEN";

    /// <param name="fileName">Below the folder <c>Golden</c> of the calling source file's directory.</param>
    /// <param name="actual">Compared with line ends as LF and exactly one at the end.</param>
    /// <param name="sourceFile">Filled in by the compiler.</param>
    public static void Matches(string fileName, string actual, [CallerFilePath] string sourceFile = "")
    {
        Compare(Path.Combine(Path.GetDirectoryName(sourceFile)!, "Golden", fileName), actual);
    }

    /// <summary>The same for a generated page of the documentation.</summary>
    /// <param name="page">Path from the root of the repository, such as <c>docs/reference/drop-reasons.md</c>.</param>
    /// <param name="actual">What the code would generate now.</param>
    /// <param name="sourceFile">Filled in by the compiler.</param>
    public static void MatchesPage(string page, string actual, [CallerFilePath] string sourceFile = "")
    {
        string? root = Path.GetDirectoryName(sourceFile);
        while (root is not null && !File.Exists(Path.Combine(root, "Weft.slnx")))
        {
            root = Path.GetDirectoryName(root);
        }

        Compare(Path.Combine(root ?? throw new XunitException($"no Weft.slnx above {sourceFile}"), page), actual);
    }

    private static void Compare(string path, string actual)
    {
        string normal = actual.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, normal);
            return;
        }

        if (!File.Exists(path))
        {
            throw new XunitException($"golden file {path} is missing ({UpdateVariable}=1 writes it)");
        }

        string expected = File.ReadAllText(path);
        if (expected != normal)
        {
            throw new XunitException($"{path} differs ({UpdateVariable}=1 rewrites it):\n{FirstDifference(expected, normal)}");
        }
    }

    private static string FirstDifference(string expected, string actual)
    {
        string[] left = expected.Split('\n');
        string[] right = actual.Split('\n');
        int line = 0;
        while (line < left.Length && line < right.Length && left[line] == right[line])
        {
            line++;
        }

        string wanted = line < left.Length ? left[line] : "<end of file>";
        string found = line < right.Length ? right[line] : "<end of text>";
        return $"line {line + 1}\n- {wanted}\n+ {found}";
    }
}
