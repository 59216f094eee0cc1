using System.Globalization;

namespace Weft.Model.Yaml;

/// <summary>Reads the fields of one YAML map, and reports what is unknown, doubled, missing or of the wrong form.</summary>
/// <remarks>A field that was reported as wrong reads as null, so that one fault is told once.</remarks>
public sealed class FieldReader
{
    private readonly Dictionary<string, YamlValue> _fields = new(StringComparer.Ordinal);
    private readonly ICollection<DocumentError> _errors;
    private readonly string _what;
    private readonly string _path;

    /// <param name="what">Name of the map in messages, as in "node 2".</param>
    /// <param name="known">The names that the map may have; null: any, those that nobody asks for are ignored.</param>
    public FieldReader(YamlValue value, string what, IReadOnlyCollection<string>? known, ICollection<DocumentError> errors)
        : this(value, what, what, known, errors)
    {
    }

    private FieldReader(YamlValue value, string what, string path, IReadOnlyCollection<string>? known, ICollection<DocumentError> errors)
    {
        ArgumentNullException.ThrowIfNull(value);
        _errors = errors;
        _what = what;
        _path = path;
        Line = value.Line;
        if (value is not YamlMap map)
        {
            IsBroken = true;
            Report(value.Line, $"{what} is {value.Kind}: write it as a map{(known is null ? "" : $" with {string.Join(", ", known)}")}");
            return;
        }

        foreach ((YamlText key, YamlValue field) in map.Entries)
        {
            if (known?.Contains(key.Text) == false)
            {
                Report(key.Line, $"{what} has an unknown field '{Shown(key.Text)}' (known: {string.Join(", ", known)})");
            }
            else if (!_fields.TryAdd(key.Text, field))
            {
                Report(key.Line, $"{what} has the field '{key.Text}' twice (first on line {_fields[key.Text].Line})");
            }
        }
    }

    /// <summary>A map with any names, called by its path ('spec.ports[0]') in messages.</summary>
    /// <param name="path">Empty for the document itself.</param>
    public static FieldReader Open(YamlValue value, string path, ICollection<DocumentError> errors) =>
        new(value, path.Length == 0 ? "the document" : path, path, known: null, errors);

    /// <summary>Name of the map in messages.</summary>
    public string What => _what;

    public int Line { get; }

    /// <summary>The value was no map at all, which has been reported.</summary>
    public bool IsBroken { get; }

    public int LineOf(string field) => _fields.TryGetValue(field, out YamlValue? value) ? value.Line : Line;

    public YamlValue? Value(string field) => _fields.GetValueOrDefault(field);

    /// <summary>Text of a field; a missing one is reported if it must be there.</summary>
    public string? Text(string field, bool required = true)
    {
        switch (Value(field))
        {
            case YamlText { IsNull: false, Text.Length: > 0 } text:
                return text.Text;
            case null or YamlText when !required:
                return null;
            case null:
                if (!IsBroken)
                {
                    Report(Line, $"{_what} has no '{field}'");
                }

                return null;
            case YamlText text:
                Report(text.Line, $"'{field}' of {_what} is empty");
                return null;
            case YamlValue value:
                Report(value.Line, $"'{field}' of {_what} is {value.Kind}: write a single value");
                return null;
        }
    }

    public int? Number(string field, int least, int most, bool required = false)
    {
        if (Text(field, required) is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most)
        {
            return number;
        }

        Report(LineOf(field), $"'{field}' of {_what} is '{Shown(text)}' (a number from {least} to {most})");
        return null;
    }

    /// <summary>'true' or 'false'.</summary>
    public bool? Flag(string field)
    {
        switch (Text(field, required: false))
        {
            case null:
                return null;
            case "true":
                return true;
            case "false":
                return false;
            case string text:
                Report(LineOf(field), $"'{field}' of {_what} is '{Shown(text)}' (true or false)");
                return null;
        }
    }

    /// <summary>One of some words.</summary>
    public T? Choice<T>(string field, params ReadOnlySpan<(string Word, T Value)> words)
        where T : struct
    {
        if (Text(field, required: false) is not { } text)
        {
            return null;
        }

        List<string> known = [];
        foreach ((string word, T value) in words)
        {
            if (word == text)
            {
                return value;
            }

            known.Add(word);
        }

        Report(LineOf(field), $"'{field}' of {_what} is '{Shown(text)}' (one of {string.Join(", ", known)})");
        return null;
    }

    /// <summary>The texts of a list; an entry that is none is reported and left out.</summary>
    public IEnumerable<YamlText> Texts(string field)
    {
        foreach (YamlValue value in List(field, required: false))
        {
            if (value is YamlText text)
            {
                yield return text;
            }
            else
            {
                Report(value.Line, $"an entry of '{field}' of {_what} is {value.Kind}: write a single value");
            }
        }
    }

    /// <summary>A map inside this one, with any names; null where there is none.</summary>
    public FieldReader? Fields(string field) =>
        Value(field) is { IsNull: false } value ? Open(value, PathOf(field), _errors) : null;

    /// <summary>The maps of a list, with any names.</summary>
    public IEnumerable<FieldReader> Maps(string field, bool required = false) =>
        List(field, required).Index().Select(item => Open(item.Item, $"{PathOf(field)}[{item.Index}]", _errors));

    public string PathOf(string field) => _path.Length == 0 ? field : $"{_path}.{field}";

    public IReadOnlyList<YamlValue> List(string field, bool required)
    {
        switch (Value(field))
        {
            case YamlList list:
                return list.Items;
            case null or { IsNull: true } when !required || IsBroken:
                return [];
            case null:
                Report(Line, $"{_what} has no '{field}'");
                return [];
            case YamlValue value:
                Report(value.Line, $"'{field}' of {_what} is {value.Kind}: write a list ('- …' a line each)");
                return [];
        }
    }

    /// <summary>Text from the file, fit for one line of a message.</summary>
    public static string Shown(string text)
    {
        string cut = text.Length > 60 ? string.Concat(text.AsSpan(0, 60), "…") : text;
        return string.Concat(cut.Select(c => char.IsControl(c) ? '?' : c));
    }

    /// <summary>Adds an error that only the caller can know of.</summary>
    public void Report(int line, string message) => _errors.Add(new DocumentError(line, message));
}
