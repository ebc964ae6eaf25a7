using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.Callers;

[OptionsValidator]
internal sealed partial class CallerOptionsValidator : IValidateOptions<CallerOptions>;
