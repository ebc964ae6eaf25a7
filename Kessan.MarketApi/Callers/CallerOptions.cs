using System.ComponentModel.DataAnnotations;
using System.Net;
using Kessan.MarketApi.Sources;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.Callers;

/// <summary>Who may call how often, at <c>Market</c>.</summary>
internal sealed class CallerOptions : IValidatableObject
{
    /// <summary>The keys of known callers.</summary>
    /// <value>Default: none; everybody is anonymous.</value>
    [ValidateEnumeratedItems]
    public IList<ApiKeyOptions> ApiKeys { get; set; } = [];

    /// <summary>How many requests a caller with a key may make a day, unless the key says otherwise.</summary>
    /// <value>1 to 10^12. Default: 100,000.</value>
    [Range(1, 1_000_000_000_000)]
    public long DailyLimit { get; set; } = 100_000;

    /// <summary>How many requests all callers without a key may make a day from one address (IPv6: one /64).</summary>
    /// <value>1 to 10^12. Default: 20,000, enough for a page that refreshes itself all day.</value>
    [Range(1, 1_000_000_000_000)]
    public long AnonymousDailyLimit { get; set; } = 20_000;

    /// <summary>The addresses or networks (<c>10.0.0.0/8</c>) of proxies whose <c>X-Forwarded-For</c> is believed.</summary>
    /// <value>Default: none.</value>
    public IList<string> TrustedProxies { get; set; } = [];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var proxy in TrustedProxies.Where(proxy => !IPAddress.TryParse(proxy, out _) && !IPNetwork.TryParse(proxy, out _)))
            yield return new ValidationResult($"{MarketOptions.Section}:{nameof(TrustedProxies)}: {proxy} is neither an address nor a network.", [nameof(TrustedProxies)]);
        foreach (var name in ApiKeys.GroupBy(key => key.Name).Where(keys => keys.Count() > 2).Select(keys => keys.Key))
            yield return new ValidationResult($"{MarketOptions.Section}:{nameof(ApiKeys)}: {name} has more than two keys (two allow a change of keys).", [nameof(ApiKeys)]);
    }
}
