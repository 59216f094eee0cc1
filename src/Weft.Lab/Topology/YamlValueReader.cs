using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Weft.Lab.Topology;

/// <summary>Reads one YAML document into values with line numbers, from the parser's events.</summary>
/// <remarks>
/// Bounded against hostile text: length, depth and number of values are limited, anchors and aliases (which let a small
/// text stand for a huge document) and tags are refused. YamlDotNet's own document model recurses without a limit.
/// </remarks>
internal sealed class YamlValueReader
{
    public const int LongestText = 1 << 20;
    private const int Deepest = 8;

    private readonly Parser _parser;
    private int _depth;

    private YamlValueReader(string text) => _parser = new Parser(new StringReader(text));

    /// <exception cref="TopologyException">The text is no such document.</exception>
    public static YamlValue Read(string text, string source)
    {
        if (text.Length > LongestText)
        {
            throw new TopologyException(source, [new TopologyError(1, $"{text.Length} characters (at most {LongestText})")]);
        }

        YamlValueReader reader = new(text);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException exception)
        {
            throw new TopologyException(source, [new TopologyError(LineOf(exception.Start), OneLine(exception.Message))]);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException or OverflowException)
        {
            // The scanner lets such escape for some broken texts; what they say is of no use to the text's author.
            throw new TopologyException(source, [new TopologyError(LineOf(reader._parser.Current?.Start ?? Mark.Empty), "no YAML from here on")]);
        }
    }

    private YamlValue ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            throw new YamlException(Mark.Empty, Mark.Empty, "the document is empty");
        }

        YamlValue value = ReadValue();
        _parser.Consume<DocumentEnd>();
        if (!_parser.Accept<StreamEnd>(out _))
        {
            Mark start = _parser.Current?.Start ?? Mark.Empty;
            throw new YamlException(start, start, "a second document begins here (a topology is one)");
        }

        return value;
    }

    private YamlValue ReadValue()
    {
        ParsingEvent current = _parser.Consume<ParsingEvent>();
        if (current is AnchorAlias || current is NodeEvent { Anchor.IsEmpty: false } or NodeEvent { Tag.IsEmpty: false })
        {
            throw new YamlException(current.Start, current.End, "anchors, aliases and tags are not used in a topology (write the value out)");
        }

        if (++_depth > Deepest)
        {
            throw new YamlException(current.Start, current.End, $"nested deeper than {Deepest} levels");
        }

        int line = LineOf(current.Start);
        YamlValue value = current switch
        {
            Scalar scalar => new YamlText(line, scalar.Value),
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
