using System.Collections.Immutable;
using System.Text.Json;

namespace Weft.Model.Json;

/// <summary>What nullable annotations do not keep out of a document: 'null' inside an array.</summary>
internal static class Elements
{
    public static void RefuseNull<T>(ImmutableArray<T> elements, string what)
        where T : class
    {
        if (elements.IsDefault || elements.Any(element => element is null))
        {
            throw new JsonException($"an element of {what} is null");
        }
    }
}
