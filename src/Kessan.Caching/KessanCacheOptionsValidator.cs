using Microsoft.Extensions.Options;

namespace Kessan.Caching;

/// <summary>Checks <see cref="KessanCacheOptions"/> against the limits that stand beside its members.</summary>
[OptionsValidator]
internal sealed partial class KessanCacheOptionsValidator : IValidateOptions<KessanCacheOptions>;
