using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Weft.Model.Services;
using Weft.Model.Yaml;
using Weft.Policy.Documents;

namespace Weft.Policy.Reading;

/// <summary>Reads policies of all kinds, and `v1` Namespaces, as YAML documents or JSON, alone or in Lists.</summary>
/// <remarks>All that is wrong is found in one go. Unlike with manifests of services, unknown fields are errors: see <see cref="PolicyText"/>.</remarks>
public sealed class PolicyReader
{
    private const string KubernetesVersion = "networking.k8s.io/v1";
    private const string CiliumVersion = "cilium.io/v2";
    private const string DefaultNamespace = "default";

    private static readonly YamlLimits s_limits = new(LongestText: 32 << 20, Deepest: 32);
    private static readonly string[] s_kinds = [.. Enum.GetNames<PolicyKind>(), "Namespace"];

    private readonly PolicyText _text;
    private readonly string[] _lines;
    private readonly int _shift;
    private readonly Dictionary<PolicyName, (PolicyDocument Document, int Line)> _policies = [];
    private readonly Dictionary<string, (PolicyNamespace Namespace, int Line)> _namespaces = new(StringComparer.Ordinal);

    private PolicyReader(string text, int firstLine)
    {
        _shift = firstLine - 1;
        _text = new PolicyText(_shift);
        _lines = text.Split('\n');
    }

    /// <param name="source">Name of the text in messages.</param>
    /// <param name="firstLine">Line that the text begins on in what people call <paramref name="source"/> (<see cref="PolicyDocument.FirstLine"/>).</param>
    /// <exception cref="PolicyException">With every error found.</exception>
    public static PolicyDocuments Parse(string text, string source, int firstLine = 1)
    {
        ArgumentNullException.ThrowIfNull(text);
        PolicyReader reader = new(text, firstLine);
        try
        {
            foreach (YamlValue document in YamlValueReader.ReadAll(text, s_limits).Where(document => !document.IsNull))
            {
                reader.ReadDocument(document, "", mayBeList: true);
            }
        }
        catch (YamlSyntaxException exception)
        {
            throw new PolicyException(source, [exception.Error with { Line = exception.Error.Line + firstLine - 1 }]);
        }

        return reader._text.HasErrors
            ? throw new PolicyException(source, reader._text.Errors)
            : new PolicyDocuments([.. reader._policies.Values.Select(entry => entry.Document)], [.. reader._namespaces.Values.Select(entry => entry.Namespace)]);
    }

    private void ReadDocument(YamlValue value, string path, bool mayBeList)
    {
        FieldReader document = _text.OpenLoosely(value, path);
        if (document.IsBroken)
        {
            return;
        }

        string? version = document.Text("apiVersion");
        switch (document.Text("kind"))
        {
            case null:
                break;
            case string kind when Enum.TryParse(kind, out PolicyKind known) && s_kinds.Contains(kind):
                string wanted = known == PolicyKind.NetworkPolicy ? KubernetesVersion : CiliumVersion;
                if (version is not null && version != wanted)
                {
                    _text.Report(document.LineOf("apiVersion"), $"'{document.PathOf("apiVersion")}' is '{FieldReader.Shown(version)}' ({wanted} is read here)");
                }

                ReadPolicy(value, path, known);
                break;
            case "Namespace":
                ReadNamespace(document);
                break;
            case "List" or "NetworkPolicyList" or "CiliumNetworkPolicyList" or "CiliumClusterwideNetworkPolicyList" or "NamespaceList" when mayBeList:
                foreach ((YamlValue item, string itemPath) in PolicyText.Items(document, "items") ?? [])
                {
                    ReadDocument(item, itemPath, mayBeList: false);
                }

                break;
            case string kind:
                string hint = Spelling.Nearest(kind, s_kinds) is { } meant ? $"did you mean '{meant}'?" : $"{string.Join(", ", s_kinds)}, or a List of them";
                _text.Report(document.LineOf("kind"), $"'{document.PathOf("kind")}' is '{FieldReader.Shown(kind)}' ({hint})");
                break;
        }
    }

    private void ReadPolicy(YamlValue value, string path, PolicyKind kind)
    {
        FieldReader document = _text.Open(value, path, kind == PolicyKind.NetworkPolicy ? FieldNames.Document : FieldNames.CiliumDocument);
        PolicyName? name = ReadName(document, kind);

        // Without a name the rules are read too, for what is wrong with them.
        PolicyName called = name ?? new PolicyName(kind, kind == PolicyKind.CiliumClusterwideNetworkPolicy ? "" : DefaultNamespace, "?");
        ImmutableArray<PolicySpec> specs = kind == PolicyKind.NetworkPolicy
            ? new NetworkPolicyReader(_text, called).Read(document) is { } spec ? [spec] : []
            : new CiliumPolicyReader(_text, called).Read(document);
        if (name is null)
        {
            return;
        }

        (string own, int firstLine) = TextOf(value, path);
        PolicyDocument policy = new() { Name = name, Text = own, FirstLine = firstLine, Specs = specs };
        if (!_policies.TryAdd(name, (policy, document.Line)))
        {
            _text.Report(document.Line, $"{name} is there twice (first on line {_policies[name].Line + _shift})");
        }
    }

    private PolicyName? ReadName(FieldReader document, PolicyKind kind)
    {
        if (_text.Section(document, "metadata", FieldNames.Metadata) is not { } metadata)
        {
            _text.Report(document.Line, $"'{document.PathOf("metadata")}' is missing");
            return null;
        }

        string? space = metadata.Text("namespace", required: false);
        bool isClusterwide = kind == PolicyKind.CiliumClusterwideNetworkPolicy;
        if (isClusterwide && space is not null)
        {
            _text.Report(metadata.LineOf("namespace"), $"'{metadata.PathOf("namespace")}' has no place in a {kind}");
        }

        if (metadata.Text("name") is not { } name)
        {
            return null;
        }

        if (!ResourceName.TryCreate(space ?? DefaultNamespace, name, out _, out string? error))
        {
            _text.Report(metadata.LineOf("name"), $"'{metadata.PathOf("name")}': {error}");
            return null;
        }

        return new PolicyName(kind, isClusterwide ? "" : space ?? DefaultNamespace, name);
    }

    private void ReadNamespace(FieldReader document)
    {
        FieldReader? metadata = _text.Section(document, "metadata", FieldNames.Metadata);
        if (metadata?.Text("name") is not { } name)
        {
            return;
        }

        if (!ResourceName.TryCreate(name, "x", out _, out string? error))
        {
            _text.Report(metadata.LineOf("name"), $"'{metadata.PathOf("name")}': {error}");
            return;
        }

        _ = metadata.Fields("labels");
        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach ((YamlText key, YamlValue value) in (metadata.Value("labels") as YamlMap)?.Entries ?? [])
        {
            if (value is YamlText text)
            {
                labels[key.Text] = text.IsNull ? "" : text.Text;
            }
            else
            {
                _text.Report(value, $"{metadata.PathOf("labels")}.{FieldReader.Shown(key.Text)}", $"is {value.Kind}: write a single value");
            }
        }

        if (!_namespaces.TryAdd(name, (new PolicyNamespace(name, labels.ToImmutable()), document.Line)))
        {
            _text.Report(document.Line, $"namespace {name} is there twice (first on line {_namespaces[name].Line + _shift})");
        }
    }

    /// <summary>The lines of a document between its markers; an entry of a List, which has none, is written as JSON.</summary>
    private (string Text, int FirstLine) TextOf(YamlValue value, string path)
    {
        if (path.Length > 0)
        {
            return (Json(value), value.Line + _shift);
        }

        int first = value.Line - 1;
        while (first > 0 && !IsMarker(_lines[first - 1]))
        {
            first--;
        }

        int end = value.Line;
        while (end < _lines.Length && !IsMarker(_lines[end]))
        {
            end++;
        }

        return (string.Join('\n', _lines[first..end]), first + 1 + _shift);
    }

    /// <summary>YAML allows neither at the beginning of a line inside a document.</summary>
    private static bool IsMarker(string line) =>
        line.StartsWith("---", StringComparison.Ordinal) || line.StartsWith("...", StringComparison.Ordinal);

    private static string Json(YamlValue value)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            Write(writer, value);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, YamlValue value)
    {
        switch (value)
        {
            case YamlMap map:
                writer.WriteStartObject();
                foreach ((YamlText key, YamlValue field) in map.Entries)
                {
                    writer.WritePropertyName(key.Text);
                    Write(writer, field);
                }

                writer.WriteEndObject();
                break;
            case YamlList list:
                writer.WriteStartArray();
                foreach (YamlValue item in list.Items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case YamlText { IsNull: true }:
                writer.WriteNullValue();
                break;
            case YamlText text:
                writer.WriteStringValue(text.Text);
                break;
        }
    }
}
