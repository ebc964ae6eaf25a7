using Microsoft.Extensions.Options;

namespace Kessan.Caching.Client;

/// <summary>Checks what attributes cannot: the address and the key.</summary>
internal sealed class CacheServiceOptionsValidator : IValidateOptions<CacheServiceOptions>
{
    public ValidateOptionsResult Validate(string? name, CacheServiceOptions options)
    {
        List<string> failures = [];
        if (options.Address is { } address && (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https" or "https+http" or "http+https")))
        {
            failures.Add($"{CacheServiceOptions.Path}:Address is no absolute http, https or https+http address.");
        }

        if (options.ApiKey?.AsSpan().ContainsAnyExceptInRange('!', '~') == true)
        {
            failures.Add($"{CacheServiceOptions.Path}:ApiKey has characters that no header can carry.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
