using System.Text.Json.Serialization;

namespace Weft.Model.Json;

/// <summary>Writes an enum as its word. Numbers are not read: they would let values in that have no name.</summary>
public sealed class WordJsonConverter<T>() : JsonStringEnumConverter<T>(namingPolicy: null, allowIntegerValues: false)
    where T : struct, Enum;
