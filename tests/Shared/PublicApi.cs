using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Weft.Tests.Shared;

/// <summary>Writes down what an assembly offers to others, for a golden file: a change of it is then always on purpose.</summary>
public static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly string[] s_ofEveryRecord = ["Equals", "GetHashCode", "ToString", "PrintMembers", "op_Equality", "op_Inequality", "<Clone>$"];

    /// <summary>One paragraph a type, sorted, members as they are called from C#; without what every record has.</summary>
    public static string Of(Assembly assembly) => string.Join(
        "\n",
        assembly.GetExportedTypes().OrderBy(static type => type.FullName, StringComparer.Ordinal).Select(Describe));

    private static string Describe(Type type)
    {
        string[] members = [.. type.GetMembers(Declared).Where(IsOffered).Select(Describe).Where(static text => text.Length > 0).Distinct().Order(StringComparer.Ordinal)];
        return $"{Kind(type)} {type.Namespace}.{Name(type)}{Bases(type)}\n{string.Concat(members.Select(static member => $"  {member}\n"))}";
    }

    private static bool IsOffered(MemberInfo member) => member switch
    {
        _ when member.Name.StartsWith('<') || s_ofEveryRecord.Contains(member.Name) || member.IsDefined(typeof(CompilerGeneratedAttribute)) => false,
        MethodInfo method => !method.IsSpecialName && IsVisible(method),
        ConstructorInfo constructor => IsVisible(constructor) && !IsCopyConstructor(constructor),
        PropertyInfo property => property.Name != "EqualityContract" && property.GetAccessors(true).Any(IsVisible),
        EventInfo => true,
        FieldInfo field => field.IsPublic && !field.IsSpecialName,
        _ => false,
    };

    private static string Describe(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"new({Parameters(constructor)})",
        MethodInfo method => $"{(method.IsStatic ? "static " : "")}{Name(method.ReturnType)} {method.Name}{Generics(method)}({Parameters(method)})",
        PropertyInfo property => $"{(property.GetAccessors(true)[0].IsStatic ? "static " : "")}{(property.PropertyType.IsByRef ? "ref " : "")}{Name(property.PropertyType)} {Indexed(property)} {{ {Accessors(property)}}}",
        EventInfo @event => $"event {Name(@event.EventHandlerType!)} {@event.Name}",
        FieldInfo { DeclaringType.IsEnum: true } value => string.Create(CultureInfo.InvariantCulture, $"{value.GetRawConstantValue(),5} {value.Name}"),
        FieldInfo { IsLiteral: true } constant => $"const {Name(constant.FieldType)} {constant.Name} = {constant.GetRawConstantValue()}",
        FieldInfo field => $"{(field.IsStatic ? "static " : "")}{Name(field.FieldType)} {field.Name}",
        _ => "",
    };

    private static string Kind(Type type) =>
        type.IsEnum ? "enum" : type.IsValueType ? "struct" : type.IsInterface ? "interface"
        : typeof(Delegate).IsAssignableFrom(type) ? "delegate"
        : type is { IsAbstract: true, IsSealed: true } ? "static class" : type.IsSealed ? "sealed class" : type.IsAbstract ? "abstract class" : "class";

    private static string Bases(Type type)
    {
        if (type.IsEnum)
        {
            return $" : {Name(Enum.GetUnderlyingType(type))}";
        }

        IEnumerable<Type> bases = type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) ? [parent] : [];
        string[] names = [.. bases.Concat(type.GetInterfaces()).Select(Name).Where(static name => !name.StartsWith("IEquatable", StringComparison.Ordinal))];
        return names.Length == 0 ? "" : $" : {string.Join(", ", names)}";
    }

    private static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(static parameter =>
            $"{Passing(parameter)}{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "null"}" : "")}"));

    private static string Passing(ParameterInfo parameter) =>
        parameter.IsOut ? "out " : parameter.IsIn ? "in " : parameter.ParameterType.IsByRef ? "ref " : "";

    private static string Accessors(PropertyInfo property)
    {
        string get = property.GetMethod is { } getter && IsVisible(getter) ? "get; " : "";
        string set = property.SetMethod is { } setter && IsVisible(setter)
            ? setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init; " : "set; "
            : "";
        return get + set;
    }

    private static string Indexed(PropertyInfo property) => property.GetIndexParameters() is { Length: > 0 } indexes
        ? $"this[{string.Join(", ", indexes.Select(static index => $"{Passing(index)}{Name(index.ParameterType)} {index.Name}"))}]"
        : property.Name;

    private static string Generics(MethodInfo method) =>
        method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(static type => type.Name))}>" : "";

    private static string Name(Type type)
    {
        if (type.IsByRef || type.IsArray || type.IsPointer)
        {
            return Name(type.GetElementType()!) + (type.IsArray ? "[]" : type.IsPointer ? "*" : "");
        }

        string name = type.IsNested && !type.IsGenericParameter ? $"{Name(type.DeclaringType!)}.{type.Name}" : type.Name;
        int tick = name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0 ? name : $"{name[..tick]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsCopyConstructor(ConstructorInfo constructor) =>
        constructor.GetParameters() is [{ } only] && only.ParameterType == constructor.DeclaringType;
}
