using Weft.Linux;

namespace Weft.Bench.Traffic;

/// <summary>Runs one side of a measurement on a thread of its own inside a pod's namespace, on one CPU if asked.</summary>
internal static class TrafficThread
{
    /// <summary>Starts <paramref name="body"/>; sockets that it opens belong to <paramref name="pod"/>.</summary>
    /// <param name="cpu">CPU to stay on; null leaves the choice to the scheduler.</param>
    public static Task<T> StartAsync<T>(NetworkNamespace pod, int? cpu, Func<T> body) => pod.RunAsync(() =>
    {
        if (cpu is int number)
        {
            ThreadAffinity.PinCurrentThread(number);
        }

        return body();
    });
}
