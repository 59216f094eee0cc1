using Weft.Model.Yaml;

namespace Weft.Policy.Reading;

/// <summary>Opens the sections of a document, strictly: a field that nobody reads would be a rule that nobody enforces.</summary>
/// <param name="shift">Added to lines, where the text is part of a longer one.</param>
internal sealed class PolicyText(int shift)
{
    private readonly List<DocumentError> _errors = [];

    public bool HasErrors => _errors.Count > 0;

    /// <summary>With the lines of the whole text; what two readings of a section found is there once.</summary>
    public IEnumerable<DocumentError> Errors => _errors.Select(error => error with { Line = error.Line + shift }).Distinct();

    public int LineOf(FieldReader fields) => fields.Line + shift;

    public int LineOf(YamlValue value) => value.Line + shift;

    public void Report(int line, string message) => _errors.Add(new DocumentError(line, message));

    public void Report(YamlValue value, string path, string message) => Report(value.Line, $"'{path}' {message}");

    /// <summary>A map with any fields.</summary>
    public FieldReader OpenLoosely(YamlValue value, string path) => FieldReader.Open(value, path, _errors);

    public FieldReader Open(YamlValue value, string path, FieldNames names)
    {
        FieldReader fields = FieldReader.Open(value, path, _errors);
        foreach (YamlText key in (value as YamlMap)?.Entries.Select(entry => entry.Key) ?? [])
        {
            if (names.Refused.TryGetValue(key.Text, out string? reason))
            {
                Report(key.Line, $"'{fields.PathOf(key.Text)}' is not supported: {reason}");
            }
            else if (!names.Known.Contains(key.Text))
            {
                string hint = Spelling.Nearest(key.Text, names.Known) is { } meant ? $"did you mean '{meant}'?" : $"known: {string.Join(", ", names.Known)}";
                Report(key.Line, $"'{fields.PathOf(FieldReader.Shown(key.Text))}' is an unknown field ({hint})");
            }
        }

        return fields;
    }

    /// <summary>Null where there is none, or none that is a map, which is reported.</summary>
    public FieldReader? Section(FieldReader fields, string name, FieldNames names) =>
        fields.Value(name) is { IsNull: false } value && Open(value, fields.PathOf(name), names) is { IsBroken: false } section ? section : null;

    /// <summary>The values of a list with their paths; null where the field is absent, which is not the same as an empty list.</summary>
    public static IReadOnlyList<(YamlValue Value, string Path)>? Items(FieldReader fields, string name) => fields.Value(name) is null or { IsNull: true }
        ? null
        : [.. fields.List(name, required: false).Index().Select(item => (item.Item, $"{fields.PathOf(name)}[{item.Index}]"))];

    /// <summary>The maps of a list; null where the field is absent.</summary>
    public IReadOnlyList<FieldReader>? Sections(FieldReader fields, string name, FieldNames names) =>
        Items(fields, name) is { } items ? [.. items.Select(item => Open(item.Value, item.Path, names)).Where(section => !section.IsBroken)] : null;

    /// <summary>The text of a value; anything else is reported.</summary>
    public string? TextOf(YamlValue value, string path)
    {
        if (value is YamlText { Text.Length: > 0 } text && !text.IsNull)
        {
            return text.Text;
        }

        Report(value, path, value is YamlText ? "is empty" : $"is {value.Kind}: write a single value");
        return null;
    }
}
