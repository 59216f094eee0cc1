using System.Collections.Immutable;
using Grpc.Core;
using Weft.Store.Etcd.Wire;

namespace Weft.Store.Etcd;

/// <summary>Calls to whichever member of the cluster answers, as the user that the options name.</summary>
internal sealed class EtcdConnection : IDisposable
{
    private readonly EtcdStoreOptions _options;
    private readonly EtcdErrors _errors;
    private readonly ImmutableArray<EtcdEndpoint> _endpoints;
    private readonly SemaphoreSlim _login = new(1, 1);
    private volatile string? _token;
    private volatile bool _authIsOff;
    private int _current;

    public EtcdConnection(EtcdStoreOptions options)
    {
        _options = options;
        _errors = new EtcdErrors(options.Location);
        _endpoints = [.. options.Location.Endpoints.Select(address => new EtcdEndpoint(options, address))];
    }

    /// <summary>A call as it is made on one member.</summary>
    public delegate Task<T> Call<T>(CallInvoker member, CallOptions options);

    /// <summary>Repeats on the next endpoint where the one before did not do it: a write only if it certainly did not.</summary>
    public async Task<T> CallAsync<T>(string action, bool isRead, Call<T> call, CancellationToken cancellationToken)
    {
        DateTime deadline = DateTime.UtcNow + _options.RequestTimeout;
        bool loggedInAgain = false;
        for (int tries = 1; ; tries++)
        {
            EtcdEndpoint endpoint = Current;
            try
            {
                // A member that hangs leaves time for others, unless repeating would be wrong anyway.
                DateTime until = isRead && tries < _endpoints.Length
                    ? DateTime.UtcNow + ((deadline - DateTime.UtcNow) / 2)
                    : deadline;
                CallOptions options = await OptionsAsync(endpoint, until, cancellationToken).ConfigureAwait(false);
                return await call(endpoint.Invoker, options).ConfigureAwait(false);
            }
            catch (RpcException e)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (EtcdErrors.IsStaleToken(e) && !loggedInAgain && _options.Location.UserFile is not null)
                {
                    (_token, _authIsOff, loggedInAgain) = (null, false, true);
                    continue;
                }
                if (EtcdErrors.IsEndpointsFault(e))
                {
                    MoveOn(endpoint, e);
                    if ((isRead || EtcdErrors.WasNotSent(e)) && tries < Math.Max(2, _endpoints.Length) && DateTime.UtcNow < deadline)
                    {
                        continue;
                    }
                }
                if (EtcdErrors.IsAnswer(e))
                {
                    throw;
                }
                throw _errors.Explain(action, endpoint.Address, e);
            }
        }
    }

    /// <summary>Opens a stream that lives until it is disposed or breaks, on the endpoint that was good last.</summary>
    /// <param name="open">Given options without a deadline.</param>
    public async Task<(T Stream, EtcdEndpoint Endpoint)> OpenAsync<T>(
        string action, Func<CallInvoker, CallOptions, T> open, CancellationToken cancellationToken)
    {
        EtcdEndpoint endpoint = Current;
        try
        {
            CallOptions options = await OptionsAsync(endpoint, deadline: null, cancellationToken).ConfigureAwait(false);
            return (open(endpoint.Invoker, options), endpoint);
        }
        catch (RpcException e)
        {
            throw Explain(action, endpoint, e);
        }
    }

    /// <summary>What a broken stream means for its reader; the next call tries another endpoint if this one is at fault.</summary>
    public StoreException Explain(string action, EtcdEndpoint endpoint, RpcException error)
    {
        if (EtcdErrors.IsStaleToken(error))
        {
            _token = null;
            return new StoreUnavailableException($"{action}: etcd {endpoint.Address} forgot the login (it is repeated)", error);
        }
        if (EtcdErrors.IsEndpointsFault(error))
        {
            MoveOn(endpoint, error);
        }
        return _errors.Explain(action, endpoint.Address, error);
    }

    public void Dispose()
    {
        foreach (EtcdEndpoint endpoint in _endpoints)
        {
            endpoint.Dispose();
        }
        _login.Dispose();
    }

    private EtcdEndpoint Current => _endpoints[(int)((uint)Volatile.Read(ref _current) % (uint)_endpoints.Length)];

    // Of many calls that fail on one endpoint only the first moves on.
    private void MoveOn(EtcdEndpoint failed, RpcException error)
    {
        int at = Volatile.Read(ref _current);
        if (_endpoints[(int)((uint)at % (uint)_endpoints.Length)] == failed
            && Interlocked.CompareExchange(ref _current, at + 1, at) == at
            && (EtcdErrors.WasNotSent(error) || (_options.Location.IsTls && error.Status.DebugException is not null)))
        {
            // The server may have refused certificates that have been renewed since.
            failed.Reset();
        }
    }

    private async Task<CallOptions> OptionsAsync(EtcdEndpoint endpoint, DateTime? deadline, CancellationToken cancellationToken)
    {
        // A member that lost its leader says so instead of waiting for one.
        var headers = new Metadata { { "hasleader", "true" } };
        if (_options.Location.UserFile is { } file && !_authIsOff)
        {
            string? token = _token ?? await LogInAsync(endpoint, file, cancellationToken).ConfigureAwait(false);
            if (token is not null)
            {
                headers.Add("token", token);
            }
        }
        return new CallOptions(headers, deadline, cancellationToken);
    }

    private async Task<string?> LogInAsync(EtcdEndpoint endpoint, string file, CancellationToken cancellationToken)
    {
        await _login.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_token is null)
            {
                (string name, string password) = SecretFile.ReadUser(file);
                AuthenticateResponse answer = await new Auth.AuthClient(endpoint.Invoker).AuthenticateAsync(
                    new AuthenticateRequest { Name = name, Password = password },
                    new CallOptions(deadline: DateTime.UtcNow + _options.RequestTimeout, cancellationToken: cancellationToken));
                _token = answer.Token;
            }
            return _token;
        }
        catch (RpcException e) when (EtcdErrors.IsAuthSwitchedOff(e))
        {
            _authIsOff = true;
            return null;
        }
        finally
        {
            _login.Release();
        }
    }
}
