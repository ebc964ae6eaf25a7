using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.Callers;

/// <summary>Tells who calls: by the key (<c>X-Api-Key</c> or <c>Authorization: Bearer</c>), else by the address. Safe for concurrent use.</summary>
internal sealed class CallerIdentity
{
    private const string KeyHeader = "X-Api-Key";
    private const string Bearer = "Bearer ";
    private const int NetworkBytes = 8; // one site has a /64 of IPv6 at least, and could call from any address of it

    private readonly (byte[] Hash, Caller Caller)[] _keys;
    private readonly long _anonymousLimit;

    public CallerIdentity(IOptions<CallerOptions> options)
    {
        var settings = options.Value;
        _anonymousLimit = settings.AnonymousDailyLimit;
        _keys = [.. settings.ApiKeys.Select(key =>
            (Convert.FromHexString(key.Hash), new Caller($"key-{key.Name}", key.DailyLimit ?? settings.DailyLimit)))];
    }

    /// <summary>The caller; <see langword="null"/> if the request shows a key that nobody has.</summary>
    public Caller? Identify(HttpRequest request)
    {
        if (KeyOf(request) is not { } key)
            return new Caller($"ip-{Network(request.HttpContext.Connection.RemoteIpAddress)}", _anonymousLimit);

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        Caller? found = null;
        // All keys are compared, in constant time: how long it takes says nothing.
        foreach (var (known, caller) in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(known, hash))
                found = caller;
        }
        return found;
    }

    private static string? KeyOf(HttpRequest request)
    {
        if (request.Headers.TryGetValue(KeyHeader, out var key))
            return key.ToString();
        var authorization = request.Headers.Authorization.ToString();
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim() : null;
    }

    private static string Network(IPAddress? address)
    {
        if (address is { IsIPv4MappedToIPv6: true })
            address = address.MapToIPv4();
        return address switch
        {
            null => "unknown",
            { AddressFamily: AddressFamily.InterNetworkV6 } when !IPAddress.IsLoopback(address) =>
                Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, NetworkBytes)),
            _ => address.ToString(),
        };
    }
}
