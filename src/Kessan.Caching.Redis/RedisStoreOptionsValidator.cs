using Microsoft.Extensions.Options;

namespace Kessan.Caching.Redis;

/// <summary>Checks <see cref="RedisStoreOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class RedisStoreOptionsValidator : IValidateOptions<RedisStoreOptions>;
