using System.Globalization;
using Kessan.Caching;
using Kessan.Caching.Redis.Node;
using Kessan.Testing;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// Arguments: the address of Redis and how many milliseconds a lease lasts.
// Commands by line on standard input: "fill <count> <value>", "watch <count> <old value>", "calls <key>"; the end of the input ends it.
var builder = Host.CreateEmptyApplicationBuilder(null);
builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:redis", args[0])]);
builder.Services.AddKessanCaching(options =>
{
    options.L2SoftTimeout = TimeSpan.FromSeconds(10); // ten of these may start at once
    options.LeaseDuration = TimeSpan.FromMilliseconds(Number(args[1]));
}).UseRedis();
using var host = builder.Build();
await host.StartAsync();
var cache = host.Services.GetRequiredService<HybridCache>();
var entries = host.Services.GetRequiredService<CacheEntries>();

// What runs for the first time takes long, and an engine that waits too long for its store goes on without it.
for (var i = 0; i < 3; i++) await cache.GetOrCreateAsync($"warm:{Environment.ProcessId}:{i}", _ => ValueTask.FromResult(i));
Console.WriteLine("ready");

while (await Console.In.ReadLineAsync() is { } line)
{
    var parts = line.Split(' ');
    switch (parts[0])
    {
        case "fill":
            var (count, value) = (Number(parts[1]), Number(parts[2]));
            var same = 0;
            for (var i = 0; i < count; i++)
            {
                var read = await cache.GetOrCreateAsync(WatchedKeys.Key(i), _ => ValueTask.FromResult(value), tags: WatchedKeys.Tags(i));
                if (read == value) same++;
            }

            Console.WriteLine($"filled {same}");
            break;

        case "watch":
            await using (var stalls = new StallWatch())
            {
                var watch = new Watch(cache, entries, Number(parts[1]), Number(parts[2]));
                var (violations, old, followed) = await watch.RunAsync(() => Console.WriteLine("watching"));
                Console.WriteLine($"result {violations} {old} {string.Join(',', followed)} {stalls.Total.Ticks}");
            }

            break;

        case "calls":
            // One source call that takes a while, counted by who makes it.
            var called = 0;
            await cache.GetOrCreateAsync(parts[1], async token =>
            {
                called++;
                await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, token);
                return Environment.ProcessId;
            });
            Console.WriteLine($"calls {called}");
            break;

        default:
            throw new InvalidOperationException($"No such command: {line}");
    }
}

await host.StopAsync();

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
