using Weft.Api.Services;
using Weft.Control.Records;
using Weft.Control.Services;
using Weft.Model.Services;
using Weft.Model.Services.Manifests;

namespace Weft.Agent.Http;

/// <summary>Brings manifests into the cluster's store, or takes away what they name.</summary>
/// <remarks>
/// They are read as a whole first, so a mistake in one changes nothing. A store that fails in between leaves what was written: the same
/// manifests again complete it.
/// </remarks>
internal sealed class ManifestChanges(ServiceRegistry registry)
{
    /// <summary>How the text is called in messages about its lines.</summary>
    private const string Source = "manifests";

    public async Task<ManifestReport> ApplyAsync(string text, CancellationToken cancellationToken)
    {
        ServiceManifests manifests = Read(text);
        List<ManifestResult> results = [];

        // Slices first: a service that is there before its backends would refuse clients.
        foreach (EndpointSliceRecord slice in manifests.Slices)
        {
            results.Add(Told(slice.Name, "EndpointSlice", Word(await registry.PutAsync(slice, cancellationToken).ConfigureAwait(false))));
        }

        foreach (ServiceRecord service in manifests.Services)
        {
            results.Add(Told(service.Name, "Service", Word(await registry.PutAsync(service, cancellationToken).ConfigureAwait(false))));
        }

        return ReportOf(manifests, results);
    }

    public async Task<ManifestReport> DeleteAsync(string text, CancellationToken cancellationToken)
    {
        ServiceManifests manifests = Read(text);
        List<ManifestResult> results = [];

        // Slices first here too, so that each is told as deleted and not as gone with its service.
        foreach (EndpointSliceRecord slice in manifests.Slices)
        {
            results.Add(Told(slice.Name, "EndpointSlice", Word(await registry.DeleteSliceAsync(slice.Name, cancellationToken).ConfigureAwait(false))));
        }

        foreach (ServiceRecord service in manifests.Services)
        {
            results.Add(Told(service.Name, "Service", Word(await registry.DeleteServiceAsync(service.Name, cancellationToken).ConfigureAwait(false))));
        }

        return ReportOf(manifests, results);
    }

    private static ServiceManifests Read(string text)
    {
        try
        {
            return ManifestReader.Parse(text, Source);
        }
        catch (ManifestException error)
        {
            throw new ApiRequestException(error.Message, error);
        }
    }

    private static ManifestReport ReportOf(ServiceManifests manifests, IReadOnlyList<ManifestResult> results) => new()
    {
        Results = results,
        Warnings = [.. manifests.Warnings.Select(warning => $"{Source}:{warning.Line}: {warning.Message}")],
    };

    private static ManifestResult Told(ResourceName name, string kind, string result) =>
        new() { Kind = kind, Namespace = name.Namespace, Name = name.Name, Result = result };

    private static string Word(bool deleted) => deleted ? "deleted" : "not found";

    private static string Word(RecordWrite write) => write switch
    {
        RecordWrite.Created => "created",
        RecordWrite.Changed => "configured",
        _ => "unchanged",
    };
}
