using Grpc.Core;
using Weft.Store.Etcd;

namespace Weft.Store.Tests.Etcd;

public sealed class EtcdRequestsTests
{
    [Fact]
    public async Task A_connection_that_breaks_while_a_request_is_written_is_a_failure_of_the_call()
    {
        RpcException error = await Assert.ThrowsAsync<RpcException>(
            () => new BrokenWriter().SendAsync("request", TestContext.Current.CancellationToken));

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.IsType<IOException>(error.Status.DebugException);
    }

    private sealed class BrokenWriter : IClientStreamWriter<string>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task CompleteAsync() => Task.CompletedTask;

        public Task WriteAsync(string message) => Task.FromException(new IOException("Connection reset by peer"));

        public Task WriteAsync(string message, CancellationToken cancellationToken) => WriteAsync(message);
    }
}
