using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.JQuants;

[OptionsValidator]
internal sealed partial class JQuantsRangesValidator : IValidateOptions<JQuantsOptions>;
