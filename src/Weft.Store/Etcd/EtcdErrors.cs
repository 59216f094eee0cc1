using Grpc.Core;

namespace Weft.Store.Etcd;

/// <summary>Turns gRPC's codes and etcd's texts (its package v3rpc/rpctypes) into what a person or a caller can act on.</summary>
internal sealed class EtcdErrors(EtcdLocation location)
{
    /// <summary>The token is of an etcd that restarted, or of users that changed since: log in once more and repeat.</summary>
    public static bool IsStaleToken(RpcException error) =>
        error.StatusCode == StatusCode.Unauthenticated
        || error.Status.Detail.Contains("invalid auth token", StringComparison.Ordinal)
        || error.Status.Detail.Contains("revision of auth store is old", StringComparison.Ordinal);

    public static bool IsAuthSwitchedOff(RpcException error) =>
        error.Status.Detail.Contains("authentication is not enabled", StringComparison.Ordinal);

    public static bool IsLeaseNotFound(RpcException error) =>
        error.StatusCode == StatusCode.NotFound && error.Status.Detail.Contains("lease not found", StringComparison.Ordinal);

    public static bool IsCompacted(RpcException error) => error.StatusCode == StatusCode.OutOfRange;

    /// <summary>What the caller asked about is so; nothing failed.</summary>
    public static bool IsAnswer(RpcException error) => IsLeaseNotFound(error) || IsCompacted(error);

    /// <summary>The server never saw the request, so that even a write may be repeated.</summary>
    public static bool WasNotSent(RpcException error) =>
        error.Status.DebugException is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
        };

    /// <summary>Another endpoint may do better.</summary>
    public static bool IsEndpointsFault(RpcException error) =>
        error.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Internal or StatusCode.Unknown
            or StatusCode.Cancelled;

    public StoreException Explain(string action, string endpoint, RpcException error)
    {
        string what = $"{action}: etcd {endpoint}";
        string detail = error.Status.Detail;
        return (error.StatusCode, Root(error.Status.DebugException)) switch
        {
            (StatusCode.Unavailable or StatusCode.Internal, System.Security.Authentication.AuthenticationException tls) =>
                new StoreUnavailableException(
                    $"{what}: TLS failed: {tls.Message} (check cacert, cert and key of the store against the server's certificate)", error),
            (StatusCode.Unavailable or StatusCode.Internal or StatusCode.Cancelled, { } cause) => new StoreUnavailableException(
                $"{what} cannot be reached: {cause.Message.TrimEnd('.')}{Hint()}", error),
            (StatusCode.DeadlineExceeded, _) => new StoreUnavailableException(
                $"{what} does not answer (is it running, has it a leader: 'etcdctl endpoint status')", error),
            (StatusCode.ResourceExhausted, _) => new StoreUnavailableException(
                $"{what}: {Shorten(detail)} (make room: 'etcdctl compact', 'etcdctl defrag', then 'etcdctl alarm disarm')", error),
            (StatusCode.Unavailable or StatusCode.Internal or StatusCode.Unknown or StatusCode.Cancelled, _) => new StoreUnavailableException(
                $"{what}: {Shorten(detail)}", error),
            (StatusCode.PermissionDenied, _) => new StoreException(
                $"{what} does not permit it (grant the user's role readwrite on the prefix '{location.KeyPrefix}weft/')", error),
            _ when detail.Contains("user name is empty", StringComparison.Ordinal) => new StoreException(
                $"{what} wants a user (give ?user-file=/path of a file with NAME:PASSWORD)", error),
            _ when detail.Contains("authentication failed", StringComparison.Ordinal) => new StoreException(
                $"{what} refuses the user or the password in {location.UserFile} (it is read anew at the next try)", error),
            _ => new StoreException($"{what}: {Shorten(detail)} ({error.StatusCode})", error),
        };
    }

    private string Hint() => location.IsTls
        ? " (is it running, is it that address, does it speak TLS?)"
        : " (is it running, is it that address; one that speaks TLS needs etcds://)";

    private static string Shorten(string detail) => detail.Replace("etcdserver: ", "", StringComparison.Ordinal);

    private static Exception? Root(Exception? error)
    {
        while (error?.InnerException is { } inner)
        {
            error = inner;
        }
        return error;
    }
}
