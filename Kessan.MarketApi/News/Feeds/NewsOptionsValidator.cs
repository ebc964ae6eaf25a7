using Microsoft.Extensions.Options;

namespace Kessan.MarketApi.News.Feeds;

[OptionsValidator]
internal sealed partial class NewsOptionsValidator : IValidateOptions<NewsOptions>;
