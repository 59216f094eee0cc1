using System.Runtime.ExceptionServices;

namespace Weft.Linux;

/// <summary>Runs one function on a thread of its own that ends with it.</summary>
/// <remarks>
/// Namespace membership belongs to a kernel thread. A thread that changed it must never go back to the pool,
/// so the change, the work and the thread's end stay together here.
/// </remarks>
internal static class DedicatedThread
{
    public static T Run<T>(string name, Func<T> body)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                result = body();
            }
            catch (Exception exception) // the thread's edge: it is thrown again on the caller's thread
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        })
        { IsBackground = true, Name = name };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }

    public static Task<T> RunAsync<T>(string name, Func<T> body)
    {
        TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() =>
        {
            try
            {
                completion.SetResult(body());
            }
            catch (Exception exception) // the thread's edge: it is thrown again where the task is awaited
            {
                completion.SetException(exception);
            }
        })
        { IsBackground = true, Name = name };
        thread.Start();
        return completion.Task;
    }
}
