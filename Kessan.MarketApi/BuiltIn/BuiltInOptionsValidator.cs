using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.BuiltIn;

[OptionsValidator]
internal sealed partial class BuiltInOptionsValidator : IValidateOptions<BuiltInOptions>;
