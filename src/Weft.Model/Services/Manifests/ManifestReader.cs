using Weft.Model.Yaml;

namespace Weft.Model.Services.Manifests;

/// <summary>Reads `v1` Services and `discovery.k8s.io/v1` EndpointSlices, as YAML documents or JSON, alone or in Lists.</summary>
/// <remarks>
/// All that is wrong is found in one go. Fields that mean nothing here are ignored, since what a cluster prints is full of them.
/// Nothing is allocated as an API server would: addresses and node ports must be there.
/// </remarks>
public sealed class ManifestReader
{
    private const string ServiceVersion = "v1";
    private const string SliceVersion = "discovery.k8s.io/v1";

    /// <summary>Enough for a list of ten thousand services as kubectl prints them.</summary>
    private static readonly YamlLimits s_limits = new(LongestText: 32 << 20, Deepest: 32);

    private readonly List<DocumentError> _errors = [];
    private readonly List<DocumentError> _warnings = [];
    private readonly Dictionary<ResourceName, (ServiceRecord Record, int Line)> _services = [];
    private readonly Dictionary<ResourceName, (EndpointSliceRecord Record, int Line)> _slices = [];

    private ManifestReader()
    {
    }

    /// <param name="source">Name of the text in messages.</param>
    /// <exception cref="ManifestException">With every error found.</exception>
    public static ServiceManifests Parse(string text, string source)
    {
        ManifestReader reader = new();
        try
        {
            foreach (YamlValue document in YamlValueReader.ReadAll(text, s_limits).Where(document => !document.IsNull))
            {
                reader.ReadDocument(FieldReader.Open(document, "", reader._errors), mayBeList: true);
            }
        }
        catch (YamlSyntaxException exception)
        {
            throw new ManifestException(source, [exception.Error]);
        }

        return reader._errors.Count == 0
            ? new ServiceManifests(
                [.. reader._services.Values.Select(entry => entry.Record)],
                [.. reader._slices.Values.Select(entry => entry.Record)],
                [.. reader._warnings.OrderBy(warning => warning.Line)])
            : throw new ManifestException(source, reader._errors);
    }

    private void ReadDocument(FieldReader document, bool mayBeList)
    {
        if (document.IsBroken)
        {
            return;
        }

        string? version = document.Text("apiVersion");
        switch (document.Text("kind"))
        {
            case "Service" when IsVersion(document, version, ServiceVersion):
                Add(_services, new ServiceManifestReader(document, _warnings).Read(), record => record.Name, document);
                break;
            case "EndpointSlice" when IsVersion(document, version, SliceVersion):
                Add(_slices, new SliceManifestReader(document, _warnings).Read(), record => record.Name, document);
                break;
            case "List" or "ServiceList" or "EndpointSliceList" when mayBeList:
                foreach (FieldReader item in document.Maps("items"))
                {
                    ReadDocument(item, mayBeList: false);
                }

                break;
            case null or "Service" or "EndpointSlice":
                break;
            case string kind:
                document.Report(document.LineOf("kind"), $"'{document.PathOf("kind")}' is '{FieldReader.Shown(kind)}' (Service, EndpointSlice, or a List of them)");
                break;
        }
    }

    private static bool IsVersion(FieldReader document, string? version, string wanted)
    {
        if (version is not null && version != wanted)
        {
            document.Report(
                document.LineOf("apiVersion"), $"'{document.PathOf("apiVersion")}' is '{FieldReader.Shown(version)}' ({wanted} is read here)");
        }

        return version == wanted;
    }

    private static void Add<T>(Dictionary<ResourceName, (T Record, int Line)> known, T? record, Func<T, ResourceName> name, FieldReader document)
        where T : class
    {
        if (record is not null && !known.TryAdd(name(record), (record, document.Line)))
        {
            document.Report(document.Line, $"{name(record)} is there twice (first on line {known[name(record)].Line})");
        }
    }
}
