namespace Kessan.Caching.Client.Http;

/// <summary>
/// Asks the next replica when one cannot be connected to: it has not been asked, so this is no second attempt. Nothing else is
/// repeated, and the time for the operation stays the same.
/// </summary>
/// <remarks>Stands before service discovery, which takes the replicas in turn and puts the request's address back after each.</remarks>
internal sealed class NextReplicaHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException failure) when (failure.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
    }
}
