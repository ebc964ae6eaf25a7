using Microsoft.Extensions.Options;

namespace Kessan.CacheHost.Requests;

/// <summary>Checks what attributes cannot: limits that need each other.</summary>
internal sealed class ServiceLimitsSumsValidator : IValidateOptions<ServiceLimitsOptions>
{
    public ValidateOptionsResult Validate(string? name, ServiceLimitsOptions options)
    {
        var needed = Math.Max(BodyReader.MostHeldForBatch(options), BodyReader.MostHeldForValue(options));
        return options.BodyBytesAtOnce >= needed
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{ServiceLimitsOptions.Path}:{nameof(options.BodyBytesAtOnce)} is {options.BodyBytesAtOnce}; with {nameof(options.BatchBytes)} {options.BatchBytes} and "
                + $"{nameof(options.ValueBytes)} {options.ValueBytes} it must be at least {needed}, or the largest bodies would never be taken.");
    }
}
