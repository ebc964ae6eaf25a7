using System.Text;
using System.Text.Json.Serialization;
using Kessan.Caching.Storage;
using Kessan.Caching.Storage.Memory;
using Kessan.Caching.Tests.Engine;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.Caching.Tests.Serialization;

public sealed partial class JsonContextTests
{
    private readonly InMemoryCacheServer _server = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AType_OfAContext_IsWrittenByIt()
    {
        await using var program = Program(builder => builder.AddJsonContext(QuoteJson.Default).AddJsonContext(OtherJson.Default));
        var cache = program.GetRequiredService<KessanHybridCache>();

        await cache.SetAsync("a", new Quote("7203", 1), cancellationToken: Stop);
        await cache.SetAsync("b", new Other(2), cancellationToken: Stop);
        await cache.SetAsync("c", new List<int> { 3 }, cancellationToken: Stop);

        // Each context with its own options, a naming policy among them; what no context knows is left to reflection.
        Assert.Equal("""{"ticker":"7203","price":1}""", await TextAsync("a"));
        Assert.Equal("""{"TheNumber":2}""", await TextAsync("b"));
        Assert.Equal("[3]", await TextAsync("c"));
        Assert.Equal(1, (await cache.TryGetAsync<Quote>("a", Stop)).Value!.Price);
    }

    [Fact]
    public async Task WithoutAContext_NothingIsChanged()
    {
        await using var program = Program(static _ => { });

        await program.GetRequiredService<KessanHybridCache>().SetAsync("a", new Quote("7203", 1), cancellationToken: Stop);

        Assert.Equal("""{"Ticker":"7203","Price":1}""", await TextAsync("a"));
    }

    private ServiceProvider Program(Action<KessanCachingBuilder> configure)
    {
        var services = new ServiceCollection();
        configure(services.AddKessanCaching().UseInMemoryStore(_server));
        return services.BuildServiceProvider();
    }

    private async Task<string> TextAsync(string key)
        => Encoding.UTF8.GetString((await new InMemoryCacheStore(_server).GetAsync(key, StoreReadOptions.Default, Stop)).Entry!.Payload.Span);

    internal sealed record Other(int TheNumber);

    [JsonSerializable(typeof(Quote))]
    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    private sealed partial class QuoteJson : JsonSerializerContext;

    [JsonSerializable(typeof(Other))]
    private sealed partial class OtherJson : JsonSerializerContext;
}
