using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Kessan.CacheHost.Security;

/// <summary>The keys that are valid now, as hashes; follows the configuration when it is reloaded.</summary>
/// <remarks>Safe for concurrent use. A configuration that is invalid when reloaded is logged and changes nothing.</remarks>
internal sealed class ApiKeyRing : IDisposable
{
    // A longer one cannot be a key; it must not cost a long hash either.
    private const int MaximumKeyLength = 4096;

    private const string Bearer = "Bearer ";

    private readonly IConfiguration _configuration;
    private readonly IValidateOptions<SecurityOptions> _validator;
    private readonly ILogger _logger;
    private readonly IDisposable _reloads;
    private volatile Ring _ring;

    // Not IOptionsMonitor: it would throw out of the configuration's reload when the new values are invalid.
    public ApiKeyRing(
        IOptions<SecurityOptions> options,
        IValidateOptions<SecurityOptions> validator,
        IConfiguration configuration,
        ILogger<ApiKeyRing> logger)
    {
        _configuration = configuration;
        _validator = validator;
        _logger = logger;
        _ring = Ring.From(options.Value);
        _reloads = ChangeToken.OnChange(configuration.GetReloadToken, Reload);
    }

    /// <summary>Who sends a request, by <c>Authorization: Bearer</c> or <c>X-Api-Key</c>; everybody is let in where there are no keys.</summary>
    public ApiClient? Authenticate(IHeaderDictionary headers)
    {
        if (_ring.Keys.IsEmpty) return ApiClient.Anonymous;
        var authorization = headers.Authorization;
        if (authorization.Count == 1 && authorization[0] is { } value && value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return Find(value.AsSpan(Bearer.Length).Trim());
        }

        return headers["X-Api-Key"] is [{ } key] ? Find(key) : null;
    }

    /// <summary>The same for a request that is one of many on a connection of HTTP/1.1: the key is hashed when it is not that of the last one.</summary>
    /// <remarks>
    /// The server gives the same string again when a field is sent again, so what is compared is which object it is: this takes no time that
    /// depends on the key, and no other connection has it.
    /// </remarks>
    public ApiClient? Authenticate(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers.Authorization is not [{ } value] || !value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) || !HttpProtocol.IsHttp11(context.Request.Protocol)
            || context.Features.Get<IConnectionItemsFeature>()?.Items is not { } connection)
        {
            return Authenticate(headers);
        }

        var ring = _ring;
        if (connection.TryGetValue(typeof(Seen), out var item) && item is Seen seen && ReferenceEquals(seen.Authorization, value) && ReferenceEquals(seen.By, ring))
        {
            return seen.Client;
        }

        var client = Authenticate(headers);
        if (client is not null) connection[typeof(Seen)] = new Seen(value, ring, client);
        return client;
    }

    public void Dispose() => _reloads.Dispose();

    /// <summary>Finds the owner of a key, in a time that does not depend on how much of it is right.</summary>
    private ApiClient? Find(ReadOnlySpan<char> key)
    {
        if (key.IsEmpty || key.Length > MaximumKeyLength) return null;
        Span<byte> text = stackalloc byte[512];
        var length = Encoding.UTF8.GetMaxByteCount(key.Length);
        if (length > text.Length) text = new byte[length];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..Encoding.UTF8.GetBytes(key, text)], hash);

        ApiClient? found = null;
        foreach (var (known, client) in _ring.Keys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, known)) found = client;
        }

        return found;
    }

    private void Reload()
    {
        var options = new SecurityOptions();
        try
        {
            _configuration.GetSection(SecurityOptions.Path).Bind(options);
        }
        catch (InvalidOperationException)
        {
            Log.KeysNotReloaded(_logger, $"A value under {SecurityOptions.Path} has the wrong form."); // its own message has the value, which may be a key
            return;
        }

        var result = _validator.Validate(null, options);
        if (result.Failed)
        {
            Log.KeysNotReloaded(_logger, result.FailureMessage);
            return;
        }

        _ring = Ring.From(options);
        Log.KeysReloaded(_logger, _ring.Keys.Length);
    }

    /// <summary>What the last request of a connection showed, and to which ring.</summary>
    private sealed record Seen(string Authorization, Ring By, ApiClient Client);

    private sealed record Ring(ImmutableArray<(byte[] Hash, ApiClient Client)> Keys)
    {
        public static Ring From(SecurityOptions options) => new(
        [
            .. options.ApiKeys.Select(static key => (
                key.Hash is { Length: > 0 } hash ? Convert.FromHexString(hash) : SHA256.HashData(Encoding.UTF8.GetBytes(key.Key!)),
                ApiClient.From(key))),
        ]);
    }
}
