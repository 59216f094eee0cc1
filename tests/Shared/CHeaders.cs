using System.Globalization;
using System.Reflection;
using System.Text;

namespace Weft.Tests.Shared;

/// <summary>Has a C compiler compare constants and struct sizes with the system's headers.</summary>
public static class CHeaders
{
    private const string Compiler = "clang-14";

    /// <summary>Fails, naming each, if constants of a class or enum have another value in C than here.</summary>
    /// <param name="headers">As in <c>#include &lt;…&gt;</c>, in the order in which they are included.</param>
    /// <param name="types">
    /// Static classes, whose integral constants are compared, and enums. A name with a lower-case letter is not C's.
    /// </param>
    /// <param name="except">Names that the headers of the oldest supported system do not have yet.</param>
    public static void HaveTheSame(IEnumerable<string> headers, IEnumerable<Type> types, params string[] except) =>
        Check(headers, types.SelectMany(Constants)
            .Where(constant => !except.Contains(constant.Name))
            .Select(constant => $"_Static_assert(({constant.Type})({constant.Name}) == {constant.Value}, \"{constant.Name}\");"));

    /// <summary>Fails if a struct has another size in C than its mirror here.</summary>
    public static void HaveTheSameSize(IEnumerable<string> headers, params (string InC, int Size)[] structs) =>
        Check(headers, structs.Select(pair => $"_Static_assert(sizeof({pair.InC}) == {pair.Size}, \"{pair.InC}\");"));

    private static void Check(IEnumerable<string> headers, IEnumerable<string> assertions)
    {
        StringBuilder source = new("#define _GNU_SOURCE\n");
        foreach (string header in headers)
        {
            source.Append(CultureInfo.InvariantCulture, $"#include <{header}>\n");
        }

        source.AppendJoin('\n', assertions).Append('\n');
        string file = Path.Combine(Path.GetTempPath(), $"weft-headers-{Guid.NewGuid():N}.c");
        try
        {
            File.WriteAllText(file, source.ToString());
            Tool.Run(Compiler, "-fsyntax-only", "-ferror-limit=0", "-Wno-everything", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static IEnumerable<(string Name, string Type, string Value)> Constants(Type type) => type
        .GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
        .Where(field => field.IsLiteral && field.FieldType != typeof(string) && IsNameOfC(field.Name))
        .Select(field => (
            field.Name,
            TypeInC(field.GetRawConstantValue()!),
            string.Create(CultureInfo.InvariantCulture, $"{field.GetRawConstantValue()}")));

    /// <summary>Headers compute some constants as int that belong into less.</summary>
    private static string TypeInC(object value) => value switch
    {
        byte => "unsigned char",
        ushort => "unsigned short",
        uint => "unsigned int",
        ulong or nuint => "unsigned long",
        _ => "long",
    };

    private static bool IsNameOfC(string name) => name.Length > 1 && !name.Any(char.IsLower);
}
