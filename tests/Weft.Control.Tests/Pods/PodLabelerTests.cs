using Microsoft.Extensions.Logging.Abstractions;
using Weft.Control.Endpoints;
using Weft.Control.Pods;
using Weft.Control.Tests.Endpoints;
using Weft.Cri.Wire;
using Weft.Model.Labels;
using Weft.Tests.Shared;

namespace Weft.Control.Tests.Pods;

/// <summary>When a runtime is asked; that a real one is understood is shown with containerd in tests/Runtimes.</summary>
public sealed class PodLabelerTests : IAsyncDisposable
{
    private readonly ManualClock _clock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Endpoint> _endpoints = [];
    private readonly List<string?> _questions = [];
    private readonly Dictionary<string, PodSandbox> _sandboxes = [];
    private readonly List<(Endpoint Endpoint, LabelSet Labels)> _changes = [];
    private readonly PodLabeler _labeler;
    private Task _run = Task.CompletedTask;

    public PodLabelerTests() => _labeler = new PodLabeler(
        (id, _) =>
        {
            _questions.Add(id);
            IReadOnlyList<PodSandbox> found = [.. _sandboxes.Values.Where(sandbox => id is null || sandbox.Id == id)];
            return Task.FromResult(found);
        },
        () => _endpoints,
        (endpoint, labels, _) =>
        {
            _changes.Add((endpoint, labels));
            return Task.CompletedTask;
        },
        _clock, NullLoggerFactory.Instance);

    [Fact]
    public async Task A_pod_is_asked_for_until_the_runtime_tells_of_it_and_then_no_more()
    {
        Endpoint pod = Add("web");
        Start();
        await PassAsync(3);
        Assert.Empty(_changes);
        Assert.All(_questions, question => Assert.Equal("web", question));

        _sandboxes["web"] = SandboxLabelsTests.Sandbox(("app", "web"));
        await PassAsync(1);
        // The answer comes after the question.
        Eventually.Passes(() => Assert.Single(_changes));
        Eventually.Passes(() => Assert.Equal(0, _clock.ActiveTimers));
        int asked = _questions.Count;
        Assert.Equal((pod, "k8s:app=web;k8s:io.kubernetes.pod.namespace=default;"), (_changes.Single().Endpoint, _changes.Single().Labels.Canonical));

        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(asked, _questions.Count);
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public async Task A_pod_that_the_runtime_does_not_know_is_given_up_after_a_while()
    {
        Add("elsewhere");
        Start();

        await PassAsync(PodLabeler.MostAnswers - 1);

        Eventually.Passes(() => Assert.Equal(0, _clock.ActiveTimers));
        Assert.Equal(PodLabeler.MostAnswers, _questions.Count);
        Assert.Empty(_changes);
    }

    [Fact]
    public async Task A_new_pod_is_asked_for_at_once_and_soon_again_however_long_others_wait()
    {
        Add("old");
        Start();
        await PassAsync(20);
        Add("young");

        _labeler.EndpointCreated();
        Eventually.Passes(() => Assert.Contains("young", _questions));
        int asked = _questions.Count;
        await TimerAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(31));

        Eventually.Passes(() => Assert.True(_questions.Count > asked));
    }

    [Fact]
    public void Many_pods_are_asked_for_in_one_call()
    {
        for (int number = 0; number < 20; number++)
        {
            Add($"pod-{number}");
        }

        Start();

        Eventually.Passes(() => Assert.Equal([null], _questions));
    }

    [Fact]
    public void Endpoints_that_no_runtime_made_are_not_asked_for()
    {
        _endpoints.Add(new Endpoint(Sample.Endpoint(1), EndpointStateName.Ready, _clock));
        _endpoints.Add(new Endpoint(Sample.Endpoint(2, "nameless") with { CniNetwork = "pods", KubernetesPod = null }, EndpointStateName.Ready, _clock));
        Start();

        _labeler.EndpointCreated();

        Assert.Empty(_questions);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _run);
        _stop.Dispose();
    }

    private Endpoint Add(string container)
    {
        Endpoint endpoint = new(
            Sample.Endpoint((ushort)(_endpoints.Count + 1), container) with { CniNetwork = "pods" }, EndpointStateName.Ready, _clock);
        _endpoints.Add(endpoint);
        return endpoint;
    }

    private void Start() => _run = _labeler.FollowAsync(_stop.Token);

    /// <summary>Lets pauses between questions pass, one after the other.</summary>
    private async Task PassAsync(int pauses)
    {
        for (int pause = 0; pause < pauses; pause++)
        {
            await TimerAsync();
            int asked = _questions.Count;
            _clock.Advance(TimeSpan.FromSeconds(2));
            Eventually.Passes(() => Assert.True(_questions.Count > asked));
        }
    }

    private Task<int> TimerAsync() =>
        Eventually.BecomesAsync("a pause", () => Task.FromResult(_clock.ActiveTimers), timers => timers > 0);
}
