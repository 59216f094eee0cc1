using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Weft.Model.Yaml;

/// <summary>Reads YAML documents, and JSON, which is YAML too, into values with line numbers, from the parser's events.</summary>
/// <remarks>
/// Bounded against hostile text: length, depth and number of values are limited, anchors and aliases (which let a small
/// text stand for a huge document) and tags are refused. YamlDotNet's own document model recurses without a limit.
/// </remarks>
public sealed class YamlValueReader
{
    private readonly Parser _parser;
    private readonly int _deepest;
    private int _depth;

    private YamlValueReader(string text, int deepest)
    {
        _parser = new Parser(new StringReader(text));
        _deepest = deepest;
    }

    /// <summary>Reads a text that is one document.</summary>
    /// <exception cref="YamlSyntaxException">The text is no such document.</exception>
    public static YamlValue Read(string text, YamlLimits limits)
    {
        IReadOnlyList<YamlValue> documents = ReadAll(text, limits);
        return documents.Count switch
        {
            0 => throw new YamlSyntaxException(new DocumentError(1, "the document is empty")),
            1 => documents[0],
            _ => throw new YamlSyntaxException(new DocumentError(documents[1].Line, "a second document begins here (this is to be one)")),
        };
    }

    /// <summary>Reads documents with '---' between them.</summary>
    /// <exception cref="YamlSyntaxException">The text is no YAML.</exception>
    public static IReadOnlyList<YamlValue> ReadAll(string text, YamlLimits limits)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > limits.LongestText)
        {
            throw new YamlSyntaxException(new DocumentError(1, $"{text.Length} characters (at most {limits.LongestText})"));
        }

        YamlValueReader reader = new(text, limits.Deepest);
        try
        {
            return reader.ReadDocuments();
        }
        catch (YamlException exception)
        {
            throw new YamlSyntaxException(new DocumentError(LineOf(exception.Start), OneLine(exception.Message)));
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException or OverflowException)
        {
            // The scanner lets such escape for some broken texts; what they say is of no use to the text's author.
            throw new YamlSyntaxException(new DocumentError(LineOf(reader._parser.Current?.Start ?? Mark.Empty), "no YAML from here on"));
        }
    }

    private List<YamlValue> ReadDocuments()
    {
        List<YamlValue> documents = [];
        _parser.Consume<StreamStart>();
        while (_parser.TryConsume<DocumentStart>(out _))
        {
            documents.Add(ReadValue());
            _parser.Consume<DocumentEnd>();
        }

        _parser.Consume<StreamEnd>();
        return documents;
    }

    private YamlValue ReadValue()
    {
        ParsingEvent current = _parser.Consume<ParsingEvent>();
        if (current is AnchorAlias || current is NodeEvent { Anchor.IsEmpty: false } or NodeEvent { Tag.IsEmpty: false })
        {
            throw new YamlException(current.Start, current.End, "anchors, aliases and tags are not read here (write the value out)");
        }

        if (++_depth > _deepest)
        {
            throw new YamlException(current.Start, current.End, $"nested deeper than {_deepest} levels");
        }

        int line = LineOf(current.Start);
        YamlValue value = current switch
        {
            Scalar scalar => new YamlText(line, scalar.Value, scalar.IsPlainImplicit),
            SequenceStart => new YamlList(line, ReadItems()),
            MappingStart => new YamlMap(line, ReadEntries()),
            _ => throw new YamlException(current.Start, current.End, "expected a value"),
        };
        _depth--;
        return value;
    }

    private List<YamlValue> ReadItems()
    {
        List<YamlValue> items = [];
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadValue());
        }

        return items;
    }

    private List<KeyValuePair<YamlText, YamlValue>> ReadEntries()
    {
        List<KeyValuePair<YamlText, YamlValue>> entries = [];
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            YamlValue key = ReadValue();
            if (key is not YamlText name)
            {
                throw new YamlException(new Mark(0, key.Line, 1), new Mark(0, key.Line, 1), $"{key.Kind} cannot be a name");
            }

            entries.Add(new(name, ReadValue()));
        }

        return entries;
    }

    private static int LineOf(Mark mark) => (int)Math.Clamp(mark.Line, 1, int.MaxValue);

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim();
}
