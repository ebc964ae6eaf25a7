using Kessan.MarketApi.Sources;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.JQuants;

/// <summary>Says at start what is missing, if J-Quants is used at all.</summary>
internal sealed class JQuantsOptionsValidator(IConfiguration configuration) : IValidateOptions<JQuantsOptions>
{
    public ValidateOptionsResult Validate(string? name, JQuantsOptions options)
    {
        if (configuration[MarketOptions.SourcePath] != MarketOptions.JQuants)
            return ValidateOptionsResult.Skip;
        if (string.IsNullOrWhiteSpace(options.ApiKey))
            return ValidateOptionsResult.Fail($"{JQuantsOptions.Section}:{nameof(options.ApiKey)} is needed because {MarketOptions.SourcePath} is jquants.");
        return options.BaseAddress.IsAbsoluteUri && (options.BaseAddress.Scheme == Uri.UriSchemeHttps || options.BaseAddress.Scheme == Uri.UriSchemeHttp)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{JQuantsOptions.Section}:{nameof(options.BaseAddress)} must be an http or https address.");
    }
}
