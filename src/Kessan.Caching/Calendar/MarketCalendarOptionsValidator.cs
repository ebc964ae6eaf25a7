using Microsoft.Extensions.Options;

namespace Kessan.Caching.Calendar;

/// <summary>Refuses a calendar that cannot be used, naming where it stands in the configuration.</summary>
internal sealed class MarketCalendarOptionsValidator : IValidateOptions<MarketCalendarOptions>
{
    private static readonly TimeSpan LongestSettleDelay = TimeSpan.FromMinutes(5);
    private static readonly TimeOnly EarliestOfficialPrices = new(15, 36);
    private static readonly TimeSpan ShortestHotPrice = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestHotPrice = TimeSpan.FromSeconds(60);

    public ValidateOptionsResult Validate(string? name, MarketCalendarOptions options)
    {
        var failures = new List<string>();
        if (options.SettleDelay < TimeSpan.Zero || options.SettleDelay > LongestSettleDelay)
            failures.Add($"{MarketCalendarOptions.SectionName}:SettleDelay is {options.SettleDelay:c}; it must be 00:00:00 to {LongestSettleDelay:c}.");
        if (options.OfficialPricesAt < EarliestOfficialPrices)
            failures.Add($"{MarketCalendarOptions.SectionName}:OfficialPricesAt is {options.OfficialPricesAt:HH\\:mm}; it must be {EarliestOfficialPrices:HH\\:mm} to 23:59.");
        if (options.HotPriceFresh is { } hot && (hot < ShortestHotPrice || hot > LongestHotPrice))
            failures.Add($"{MarketCalendarOptions.SectionName}:HotPriceFresh is {hot:c}; it must be {ShortestHotPrice:c} to {LongestHotPrice:c}.");
        if (options.File is { } file && Problem(file) is { } problem)
            failures.Add($"{MarketCalendarOptions.SectionName}:File: {problem}");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static string? Problem(string file)
    {
        try
        {
            _ = MarketCalendarFile.Read(file);
            return null;
        }
        catch (FormatException exception)
        {
            return $"the calendar in {file} cannot be used: {exception.Message}.";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"the calendar cannot be read: {exception.Message}";
        }
    }
}
