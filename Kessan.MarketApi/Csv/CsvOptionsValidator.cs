using Kessan.MarketApi.Sources;
using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.Csv;

/// <summary>Says at start that the directory is missing, if it is needed at all.</summary>
internal sealed class CsvOptionsValidator(IConfiguration configuration) : IValidateOptions<CsvOptions>
{
    private const string Setting = $"{CsvOptions.Section}:{nameof(CsvOptions.Directory)}";

    public ValidateOptionsResult Validate(string? name, CsvOptions options)
    {
        if (configuration[MarketOptions.SourcePath] != MarketOptions.Csv)
            return ValidateOptionsResult.Skip;
        if (string.IsNullOrWhiteSpace(options.Directory))
            return ValidateOptionsResult.Fail($"{Setting} is needed because {MarketOptions.SourcePath} is csv.");
        if (!Directory.Exists(options.Directory))
            return ValidateOptionsResult.Fail($"{Setting}: there is no directory {options.Directory}.");
        return Directory.EnumerateFiles(options.Directory, CsvDirectory.Pattern).Any()
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{Setting}: there are no {CsvDirectory.Pattern} files in {options.Directory}.");
    }
}
