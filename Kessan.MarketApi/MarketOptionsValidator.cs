using Microsoft.Extensions.Options;

namespace Kessan.MarketApi;

[OptionsValidator]
internal sealed partial class MarketOptionsValidator : IValidateOptions<MarketOptions>;
