using System.Reflection;
using System.Runtime.InteropServices;
using Weft.Bpf.Btf;

namespace Weft.Abi.Tests;

/// <summary>Both sides of the contract are compared through the BTF of the objects that the agent loads.</summary>
public class LayoutTests
{
    private static readonly Type[] AbiTypes = typeof(BtfStructAttribute).Assembly.GetExportedTypes();

    public static TheoryData<Type> Structs => [.. AbiTypes.Where(type => type.GetCustomAttribute<BtfStructAttribute>() is not null)];

    public static TheoryData<Type> Enums => [.. AbiTypes.Where(type => type.GetCustomAttribute<BtfEnumAttribute>() is not null)];

    [Fact]
    public void Every_shared_type_of_the_headers_has_a_mirror()
    {
        IEnumerable<string?> mirrors = AbiTypes.Select(type =>
            type.GetCustomAttribute<BtfStructAttribute>()?.Name ?? type.GetCustomAttribute<BtfEnumAttribute>()?.Name);
        Assert.Empty(Objects.SharedTypes().Except(mirrors));
    }

    [Theory]
    [MemberData(nameof(Structs))]
    public void A_struct_lies_in_memory_as_in_C(Type type)
    {
        BtfStructAttribute mirror = type.GetCustomAttribute<BtfStructAttribute>()!;
        var found = Objects.Btf.Select(o => (Object: o.Key, Struct: o.Value.FindStruct(mirror.Name))).Where(o => o.Struct is not null).ToList();
        Assert.True(found.Count > 0, $"no object has struct {mirror.Name} in its BTF");
        foreach ((string name, BtfStructType? btf) in found)
        {
            string expected = mirror.Opaque ? $"size {btf!.Size}" : Describe(btf!);
            string actual = mirror.Opaque ? $"size {Marshal.SizeOf(type)}" : Describe(type);
            Assert.True(expected == actual, $"{name}, struct {mirror.Name}:\nC:\n{expected}\nC#:\n{actual}");
        }
    }

    [Theory]
    [MemberData(nameof(Enums))]
    public void An_enum_has_the_numbers_of_C(Type type)
    {
        string mirror = type.GetCustomAttribute<BtfEnumAttribute>()!.Name;
        var found = Objects.Btf.Select(o => (Object: o.Key, Enum: o.Value.FindEnum(mirror))).Where(o => o.Enum is not null).ToList();
        Assert.True(found.Count > 0, $"no object has enum {mirror} in its BTF");
        foreach ((string name, BtfEnumType? btf) in found)
        {
            var ours = Enum.GetNames(type).ToDictionary(Normal, member => Convert.ToInt64(Enum.Parse(type, member), null));
            foreach ((string theirs, long value) in btf!.Values)
            {
                string? match = ours.Keys.FirstOrDefault(member => Normal(theirs).EndsWith(member, StringComparison.Ordinal) && ours[member] == value);
                Assert.True(match is not null, $"{name}: {type.Name} lacks {theirs} = {value}");
                ours.Remove(match);
            }

            // The name for "no flag" exists in C# only.
            ours.Remove("none");
            Assert.True(ours.Count == 0, $"{name}: enum {mirror} has no {string.Join(", ", ours.Keys)}");
        }
    }

    private static string Describe(BtfStructType btf)
    {
        IEnumerable<string> members = btf.Members.Where(member => !Normal(member.Name).StartsWith("pad", StringComparison.Ordinal))
            .Select(member => Describe(Normal(member.Name), member.Offset, member.Size, OrderOf(member.TypeText)));
        return string.Join('\n', members.Append($"size {btf.Size}"));
    }

    private static string Describe(Type type)
    {
        IEnumerable<string> fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(field => !Normal(field.Name).StartsWith("pad", StringComparison.Ordinal))
            .Select(field => Describe(Normal(field.Name), (int)Marshal.OffsetOf(type, field.Name), SizeOf(field.FieldType), OrderOf(field.FieldType.Name)));
        return string.Join('\n', fields.Append($"size {Marshal.SizeOf(type)}"));
    }

    private static string Describe(string name, int offset, int size, string order) => $"{offset,4} {name} {size} bytes{order}";

    /// <summary>__be16 and __be32 in C, Be16 and Be32 in C#.</summary>
    private static string OrderOf(string type) =>
        type.TrimStart('_').StartsWith("be", StringComparison.OrdinalIgnoreCase) ? ", network order" : "";

    private static int SizeOf(Type type) => Marshal.SizeOf(type.IsEnum ? Enum.GetUnderlyingType(type) : type);

    private static string Normal(string name) => name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
}
