using Kessan.Caching.Keys;
using Microsoft.Extensions.DependencyInjection;

namespace Kessan.Caching.Redis.Tests.Examples;

/// <summary>Caching declared where the method is declared.</summary>
public sealed class DecoratorExample(RedisServers servers) : ExampleHost(servers)
{
    [Fact]
    public async Task ADecoratedMethod_IsAMissAndThenAHit()
    {
        var generator = Get<IOpinionGenerator>();

        var miss = await generator.GenerateAsync("7203", "short_term", Stop);
        var hit = await generator.GenerateAsync("7203", "short_term", Stop);

        Assert.Same(miss, hit);
        Assert.Equal(1, Get<OpinionGenerator>().Calls);
        Assert.Equal(miss, await Redis.GetAsync<Opinion>("ai_analysis:7203:short_term", Stop));
    }

    [Fact]
    public async Task AWrappedFunction_IsTheSameWithoutAnInterface()
    {
        var calls = 0;
        var generate = Cache.Wrap(
            (string ticker, string kind) => Cache.Keys.AiAnalysis(ticker, kind),
            CacheDataType.AiAnalysis,
            (string ticker, string kind, CancellationToken _) => Task.FromResult(new Opinion(ticker, kind, $"{++calls}")));

        await generate("6758", "short_term", Stop);

        Assert.Equal("1", (await generate("6758", "short_term", Stop)).Text);
    }

    protected override void AddServices(IServiceCollection services) => services.AddCached<IOpinionGenerator, OpinionGenerator>();
}

public interface IOpinionGenerator
{
    [CacheResult(CacheDataType.AiAnalysis, Key = "{ticker}:{kind}")]
    Task<Opinion> GenerateAsync(string ticker, string kind, CancellationToken cancellationToken);
}

public sealed class OpinionGenerator : IOpinionGenerator
{
    public int Calls { get; private set; }

    public Task<Opinion> GenerateAsync(string ticker, string kind, CancellationToken cancellationToken)
        => Task.FromResult(new Opinion(ticker, kind, $"made {++Calls}"));
}
