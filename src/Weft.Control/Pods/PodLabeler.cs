using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Weft.Control.Endpoints;
using Weft.Cri.Wire;
using Weft.Model.Endpoints;
using Weft.Model.Labels;

namespace Weft.Control.Pods;

/// <summary>
/// Gives the endpoints of a container runtime's pods the labels that the runtime has for them. A pod's ADD comes before the runtime
/// tells of it, so its labels come when it has started.
/// </summary>
/// <remarks>Run by a controller, for ever. Labels of a sandbox do not change, so each endpoint is asked about until there is an answer.</remarks>
public sealed partial class PodLabeler
{
    public const string ControllerName = "sync-pod-labels";

    /// <summary>About a minute after the first: a runtime that has not told of a pod by then is not where the pod comes from.</summary>
    public const int MostAnswers = 40;

    /// <summary>More are asked for in one call, which lists all of the node's.</summary>
    private const int MostSingleCalls = 4;

    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(2);

    private readonly Func<string?, CancellationToken, Task<IReadOnlyList<PodSandbox>>> _list;
    private readonly Func<IReadOnlyList<Endpoint>> _endpoints;
    private readonly Func<Endpoint, LabelSet, CancellationToken, Task> _change;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;

    /// <summary>Answers of the runtime without the endpoint's sandbox; <see cref="MostAnswers"/> and more: it is not asked any more.</summary>
    private readonly Dictionary<Endpoint, int> _answers = [];
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <param name="list">All sandboxes of the runtime, or the one with that id.</param>
    /// <param name="endpoints">Those that there are now.</param>
    /// <param name="change">Gives an endpoint other labels.</param>
    public PodLabeler(
        Func<string?, CancellationToken, Task<IReadOnlyList<PodSandbox>>> list, Func<IReadOnlyList<Endpoint>> endpoints,
        Func<Endpoint, LabelSet, CancellationToken, Task> change, TimeProvider clock, ILoggerFactory loggers)
    {
        _list = list;
        _endpoints = endpoints;
        _change = change;
        _clock = clock;
        _log = loggers.CreateLogger<PodLabeler>();
    }

    /// <summary>There is an endpoint that was not there before.</summary>
    public void EndpointCreated() => _news.Writer.TryWrite(true);

    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            List<Endpoint> pending = Pending();
            TimeSpan pause = Timeout.InfiniteTimeSpan;
            if (pending.Count > 0)
            {
                await AskAsync(pending, cancellationToken).ConfigureAwait(false);
                pause = PauseOf(Pending());
            }

            await WaitAsync(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    private List<Endpoint> Pending()
    {
        IReadOnlyList<Endpoint> all = _endpoints();
        HashSet<Endpoint> there = [.. all];
        foreach (Endpoint gone in _answers.Keys.Where(endpoint => !there.Contains(endpoint)).ToList())
        {
            _answers.Remove(gone);
        }

        return [.. all.Where(endpoint => endpoint.State == EndpointStateName.Ready && IsOfRuntime(endpoint.Record)
            && _answers.GetValueOrDefault(endpoint) < MostAnswers)];
    }

    private static bool IsOfRuntime(EndpointRecord record) => record is { CniNetwork: not null, KubernetesPod: not null };

    private async Task AskAsync(List<Endpoint> pending, CancellationToken cancellationToken)
    {
        Dictionary<string, PodSandbox> sandboxes = new(StringComparer.Ordinal);
        string?[] questions = pending.Count > MostSingleCalls
            ? [null]
            : [.. pending.Select(endpoint => endpoint.Record.ContainerId)];
        foreach (string? question in questions)
        {
            foreach (PodSandbox sandbox in await _list(question, cancellationToken).ConfigureAwait(false))
            {
                sandboxes[sandbox.Id] = sandbox;
            }
        }

        foreach (Endpoint endpoint in pending)
        {
            if (sandboxes.TryGetValue(endpoint.Record.ContainerId, out PodSandbox? sandbox))
            {
                await LabelAsync(endpoint, sandbox, cancellationToken).ConfigureAwait(false);
            }
            else if ((_answers[endpoint] = _answers.GetValueOrDefault(endpoint) + 1) == MostAnswers)
            {
                LogUnknown(endpoint.Id, endpoint.Record.DisplayName);
            }
        }
    }

    private async Task LabelAsync(Endpoint endpoint, PodSandbox sandbox, CancellationToken cancellationToken)
    {
        if (!SandboxLabels.TryRead(sandbox, endpoint.Record, out LabelSet? labels, out string? fault))
        {
            LogRefused(endpoint.Id, endpoint.Record.DisplayName, fault!);
            _answers[endpoint] = MostAnswers;
            return;
        }

        if (fault is not null)
        {
            LogLeftOut(endpoint.Id, endpoint.Record.DisplayName, fault);
        }

        try
        {
            await _change(endpoint, labels, cancellationToken).ConfigureAwait(false);
        }
        catch (EndpointException error) when (error.Error is EndpointError.Conflict or EndpointError.NotFound)
        {
            // It was deleted in the meantime.
        }

        _answers[endpoint] = MostAnswers;
    }

    /// <summary>As the youngest needs it: a runtime tells of a pod some tenths of a second after the pod's ADD.</summary>
    private TimeSpan PauseOf(List<Endpoint> pending)
    {
        if (pending.Count == 0)
        {
            return Timeout.InfiniteTimeSpan;
        }

        int answers = pending.Min(endpoint => _answers.GetValueOrDefault(endpoint));
        TimeSpan pause = s_firstPause * Math.Pow(1.5, Math.Min(answers, MostAnswers));
        return pause < s_longestPause ? pause : s_longestPause;
    }

    private async Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        using CancellationTokenSource news = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task arrived = _news.Reader.WaitToReadAsync(news.Token).AsTask();
        await Task.WhenAny(arrived, Task.Delay(pause, _clock, news.Token)).ConfigureAwait(false);
        await news.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        _news.Reader.TryRead(out _);
    }

    [LoggerMessage(EventId = 160, Level = LogLevel.Information, Message = "pod has no sandbox id={Id} pod={Pod} labels=as given by its CNI plugin")]
    private partial void LogUnknown(EndpointId id, string pod);

    [LoggerMessage(EventId = 161, Level = LogLevel.Warning, Message = "sandbox refused id={Id} pod={Pod} why='{Why}' labels=as given by its CNI plugin")]
    private partial void LogRefused(EndpointId id, string pod, string why);

    [LoggerMessage(EventId = 162, Level = LogLevel.Warning, Message = "labels left out id={Id} pod={Pod} why='{Why}'")]
    private partial void LogLeftOut(EndpointId id, string pod, string why);
}
