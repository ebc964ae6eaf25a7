using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.Sources;

[OptionsValidator]
internal sealed partial class MarketOptionsValidator : IValidateOptions<MarketOptions>;
