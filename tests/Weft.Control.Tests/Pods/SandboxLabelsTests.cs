using Weft.Control.Pods;
using Weft.Control.Tests.Endpoints;
using Weft.Cri.Wire;
using Weft.Model.Endpoints;
using Weft.Model.Labels;

namespace Weft.Control.Tests.Pods;

public sealed class SandboxLabelsTests
{
    private static readonly EndpointRecord s_endpoint = Sample.Endpoint(7);

    [Fact]
    public void Labels_of_the_pod_and_its_namespace_make_the_identity()
    {
        Assert.True(SandboxLabels.TryRead(Sandbox(("app", "web"), ("tier.example.org/part", "front")), s_endpoint, out LabelSet? labels, out string? fault));

        Assert.Null(fault);
        Assert.Equal(["k8s:app=web", "k8s:io.kubernetes.pod.namespace=default", "k8s:tier.example.org/part=front"], labels.Select(label => $"{label}"));
    }

    [Theory]
    [InlineData("io.kubernetes.pod.namespace", "kube-system")]
    [InlineData("io.kubernetes.pod.uid", "1")]
    [InlineData("pod-template-hash", "7d4b8c")]
    [InlineData("statefulset.kubernetes.io/pod-name", "db-0")]
    [InlineData("apps.kubernetes.io/pod-index", "0")]
    public void What_is_the_kubelets_or_changes_with_every_pod_is_passed_over(string key, string value)
    {
        Assert.True(SandboxLabels.TryRead(Sandbox((key, value)), s_endpoint, out LabelSet? labels, out string? fault));

        Assert.Null(fault);
        Assert.Equal(["k8s:io.kubernetes.pod.namespace=default"], labels.Select(label => $"{label}"));
    }

    [Theory]
    [InlineData("reserved:host", "")]
    [InlineData("", "empty")]
    [InlineData("app", "web;k8s:app=admin")]
    [InlineData("app", "two\nlines")]
    [InlineData("app", "\u00e4")]
    public void What_is_no_label_is_left_out_and_told(string key, string value)
    {
        Assert.True(SandboxLabels.TryRead(Sandbox((key, value), ("good", "yes")), s_endpoint, out LabelSet? labels, out string? fault));

        Assert.NotNull(fault);
        Assert.Equal(["k8s:good=yes", "k8s:io.kubernetes.pod.namespace=default"], labels.Select(label => $"{label}"));
    }

    [Fact]
    public void More_labels_than_a_set_can_have_are_refused()
    {
        PodSandbox sandbox = Sandbox([.. Enumerable.Range(0, LabelSet.MaxLabels + 1).Select(number => ($"label-{number}", "x"))]);

        Assert.False(SandboxLabels.TryRead(sandbox, s_endpoint, out LabelSet? labels, out string? fault));

        Assert.Null(labels);
        Assert.NotNull(fault);
    }

    [Fact]
    public void A_sandbox_of_another_pod_or_without_metadata_is_refused()
    {
        PodSandbox other = Sandbox(("app", "web"));
        other.Metadata.Name = "other";
        PodSandbox elsewhere = Sandbox(("app", "web"));
        elsewhere.Metadata.Namespace = "kube-system";
        PodSandbox empty = new() { Id = "web" };
        PodSandbox another = Sandbox(("app", "web"));
        another.Id = "another";

        foreach (PodSandbox sandbox in new[] { other, elsewhere, empty, another })
        {
            Assert.False(SandboxLabels.TryRead(sandbox, s_endpoint, out _, out string? fault));
            Assert.NotNull(fault);
        }
    }

    internal static PodSandbox Sandbox(params (string Key, string Value)[] labels)
    {
        PodSandbox sandbox = new() { Id = "web", Metadata = new PodSandboxMetadata { Name = "web", Namespace = "default" } };
        foreach ((string key, string value) in labels)
        {
            sandbox.Labels[key] = value;
        }

        return sandbox;
    }
}
