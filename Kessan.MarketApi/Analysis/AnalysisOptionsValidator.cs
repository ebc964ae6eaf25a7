using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.Analysis;

[OptionsValidator]
internal sealed partial class AnalysisOptionsValidator : IValidateOptions<AnalysisOptions>;
