using System.Globalization;
using System.Net;
using Kessan.Caching.Storage;

namespace Kessan.Caching.Client.Http;

/// <summary>
/// Sends one request, once, and waits a short time for the whole answer. The engine's accessor has the breaker, and the cache behind it
/// is the fallback: trying again here would only make callers wait.
/// </summary>
internal sealed class ServiceChannel(HttpClient client, TimeProvider time, CacheServiceOptions options)
{
    public TimeSpan Timeout => options.Timeout;

    public TimeSpan ScanTimeout => options.ScanTimeout;

    /// <summary>Sends a request and reads its answer to the end.</summary>
    /// <exception cref="CacheStoreException">No answer in time, or not one that <paramref name="expected"/> takes.</exception>
    public async Task<ServiceAnswer> SendAsync(
        HttpRequestMessage request, string operation, TimeSpan timeout, Func<HttpStatusCode, bool> expected, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var sentAt = time.GetTimestamp();
        SpeakAsTheClient(request);
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseContentRead, ending.Token).ConfigureAwait(false);
            CheckNode(response, operation);
            if (!expected(response.StatusCode)) throw Unexpected(response, operation);
            var body = await response.Content.ReadAsByteArrayAsync(ending.Token).ConfigureAwait(false);
            return new ServiceAnswer(
                response.StatusCode, body, time.GetElapsedTime(sentAt), Version(response), TagsVerified: !response.Headers.Contains("Kessan-Tags"));
        }
        catch (Exception failure) when (failure is not CacheStoreException && !IsCallers(failure, cancellationToken))
        {
            throw Failed(failure, operation, timeout, deadline.IsCancellationRequested);
        }
        finally
        {
            request.Dispose();
        }
    }

    /// <summary>Opens an answer that has no end.</summary>
    public async Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        HttpResponseMessage? response = null;
        SpeakAsTheClient(request);
        try
        {
            response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ending.Token).ConfigureAwait(false);
            CheckNode(response, ServiceOperation.Events);
            if (response.StatusCode != HttpStatusCode.OK) throw Unexpected(response, ServiceOperation.Events);
            return response;
        }
        catch (Exception failure) when (failure is not CacheStoreException && !IsCallers(failure, cancellationToken))
        {
            throw Failed(failure, ServiceOperation.Events, timeout, deadline.IsCancellationRequested);
        }
        catch (CacheStoreException)
        {
            response?.Dispose();
            throw;
        }
    }

    /// <summary>A request that was made by hand does not have the client's version by itself.</summary>
    private void SpeakAsTheClient(HttpRequestMessage request)
        => (request.Version, request.VersionPolicy) = (client.DefaultRequestVersion, client.DefaultVersionPolicy);

    // All others are the way to the service: the transport's, a service discovery's that finds nothing, a handler's of the host.
    private static bool IsCallers(Exception failure, CancellationToken cancellationToken)
        => failure is OperationCanceledException && cancellationToken.IsCancellationRequested;

    private static CacheStoreException Failed(Exception failure, string operation, TimeSpan timeout, bool isLate) => new(
        isLate
            ? $"The cache service did not answer a request for {operation} within {timeout.TotalMilliseconds} ms."
            : $"The cache service could not be reached for {operation}: {failure.GetType().Name}.",
        failure);

    // A wrong address may lead to another server, whose 404 must not be taken for a miss.
    private static void CheckNode(HttpResponseMessage response, string operation)
    {
        if (response.Headers.Contains("Kessan-Node")) return;
        throw new CacheStoreException($"What answered a request for {operation} (status {(int)response.StatusCode}) is no Kessan cache service.");
    }

    private static CacheStoreException Unexpected(HttpResponseMessage response, string operation)
        => new($"The cache service answered a request for {operation} with status {(int)response.StatusCode}.") { IsRefusal = IsRefusal(response.StatusCode) };

    // It would answer the same again. A key that is not known yet, a slow connection and a limit of the moment are another matter.
    private static bool IsRefusal(HttpStatusCode status) => status is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError
        and not (HttpStatusCode.Unauthorized or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests);

    private static long Version(HttpResponseMessage response)
        => response.Headers.TryGetValues("Kessan-Version", out var values)
            && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;
}
