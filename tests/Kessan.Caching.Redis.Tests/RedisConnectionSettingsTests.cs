using Microsoft.Extensions.Configuration;
using StackExchange.Redis;

namespace Kessan.Caching.Redis.Tests;

public sealed class RedisConnectionSettingsTests
{
    private const string Secret = "s3cr3t";

    [Theory]
    [InlineData("redis://localhost", "localhost:6379", null, null, null, false)]
    [InlineData("redis://localhost:7000", "localhost:7000", null, null, null, false)]
    [InlineData("REDIS://localhost:7000/", "localhost:7000", null, null, null, false)]
    [InlineData("redis://cache.example.com:7000/3", "cache.example.com:7000", null, null, 3, false)]
    [InlineData("redis://localhost?db=4", "localhost:6379", null, null, 4, false)]
    [InlineData("redis://:pass@localhost:7000", "localhost:7000", null, "pass", null, false)]
    [InlineData("redis://user:pass@localhost:7000/1", "localhost:7000", "user", "pass", 1, false)]
    [InlineData("rediss://user:pass@localhost:7000", "localhost:7000", "user", "pass", null, true)]
    [InlineData("redis://us%3Aer:p%40ss%2Fw%20ord%25@localhost", "localhost:6379", "us:er", "p@ss/w ord%", null, false)]
    [InlineData("redis://:p@ss?w/rd@localhost:7000/2", "localhost:7000", null, "p@ss?w/rd", 2, false)]
    [InlineData("redis://:a:b+c@localhost", "localhost:6379", null, "a:b+c", null, false)]
    [InlineData("redis://:%E5%AF%86@localhost", "localhost:6379", null, "密", null, false)]
    [InlineData("redis://127.0.0.1:7000", "127.0.0.1:7000", null, null, null, false)]
    [InlineData("redis://[::1]:7000/5", "[::1]:7000", null, null, 5, false)]
    [InlineData("redis://[::1]", "[::1]:6379", null, null, null, false)]
    public void Parse_Url_GivesItsParts(string url, string address, string? user, string? password, int? database, bool tls)
    {
        var settings = RedisConnectionSettings.Parse(url);
        var options = settings.CreateOptions();

        Assert.Equal([address], settings.Addresses);
        Assert.Equal(user, options.User);
        Assert.Equal(password, options.Password);
        Assert.Equal(database, options.DefaultDatabase);
        Assert.Equal(tls, options.Ssl);
    }

    [Fact]
    public void Parse_SeveralUrls_GivesAllNodes()
    {
        var settings = RedisConnectionSettings.Parse("redis://:pw@a:7000, redis://:pw@b:7001,redis://c:7002,");

        Assert.Equal(["a:7000", "b:7001", "c:7002"], settings.Addresses);
        Assert.Equal("pw", settings.CreateOptions().Password);
    }

    [Fact]
    public void Parse_StackExchangeString_KeepsItsOptions()
    {
        var settings = RedisConnectionSettings.Parse("a:7000,b:7001,user=u,password=p,ssl=true,defaultDatabase=2,connectTimeout=777,syncTimeout=888");
        var options = settings.CreateOptions();

        Assert.Equal(["a:7000", "b:7001"], settings.Addresses);
        Assert.Equal(("u", "p", true, 2), (options.User, options.Password, options.Ssl, options.DefaultDatabase));
        Assert.Equal((777, 888, 888), (options.ConnectTimeout, options.SyncTimeout, options.AsyncTimeout));
    }

    [Fact]
    public void Parse_Sentinels_KeepsTheServiceName()
    {
        var settings = RedisConnectionSettings.Parse("s1:26379,s2:26379,serviceName=mymaster,password=p");

        Assert.True(settings.IsSentinel);
        Assert.Equal("mymaster", settings.CreateOptions().ServiceName);
    }

    [Theory]
    [InlineData("redis://localhost")]
    [InlineData("localhost:6379,abortConnect=true")]
    public void CreateOptions_AnyForm_SuitsTheStore(string text)
    {
        var options = RedisConnectionSettings.Parse(text).CreateOptions();

        Assert.False(options.AbortOnConnectFail);
        Assert.Equal(BacklogPolicy.FailFast, options.BacklogPolicy);
        Assert.InRange(options.AsyncTimeout, 1, 2000);
        Assert.InRange(options.ConnectTimeout, 1, 5000);
        Assert.False(options.IncludeDetailInExceptions);
    }

    [Fact]
    public void Apply_OptionsOfAnother_ReplacesAddressAndLogin()
    {
        var options = ConfigurationOptions.Parse("wrong:1,password=wrong,abortConnect=true");

        RedisConnectionSettings.Parse("rediss://u:p@right:2/3").Apply(options);

        Assert.Equal("right:2", Assert.Single(options.EndPoints).ToString()!.Replace("Unspecified/", "", StringComparison.Ordinal));
        Assert.Equal(("u", "p", true, 3), (options.User, options.Password, options.Ssl, options.DefaultDatabase));
        Assert.False(options.AbortOnConnectFail);
    }

    [Theory]
    [InlineData("redis://user@localhost")]
    [InlineData("redis://:s3cr3t@")]
    [InlineData("redis://:s3cr3t@local host")]
    [InlineData("redis://:s3cr3t@localhost:port")]
    [InlineData("redis://:s3cr3t@localhost:0")]
    [InlineData("redis://:s3cr3t@localhost:70000")]
    [InlineData("redis://:s3cr3t@localhost/first")]
    [InlineData("redis://:s3cr3t@localhost?s3cr3t=1")]
    [InlineData("redis://:s3cr3t%@localhost")]
    [InlineData("redis://:s3cr3t#@localhost")]
    [InlineData("http://:s3cr3t@localhost")]
    [InlineData("unix:///run/s3cr3t.sock")]
    [InlineData("redis://a,redis://b/2")]
    [InlineData("redis://a,rediss://b")]
    [InlineData("redis://:s3cr3t@a,redis://:other@b")]
    [InlineData("redis://localhost,password=s3cr3t")]
    [InlineData("localhost:6379,s3cr3t=x")]
    [InlineData("localhost:6379,ssl=s3cr3t")]
    [InlineData("password=s3cr3t")]
    [InlineData("default:s3cr3t@localhost:6379")]
    public void Parse_Nonsense_SaysWhatIsWrongWithoutTheSecret(string text)
    {
        var failure = Assert.Throws<FormatException>(() => RedisConnectionSettings.Parse(text, "REDIS_URL"));

        Assert.StartsWith("REDIS_URL ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_OptionWithWrongValue_NamesTheOption()
    {
        var failure = Assert.Throws<FormatException>(() => RedisConnectionSettings.Parse("localhost:6379,ssl=perhaps"));

        Assert.Contains("'ssl'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a:1", "redis://b:2", "redis://c:3", "a:1", "ConnectionStrings:redis")]
    [InlineData(" ", "redis://b:2", "redis://c:3", "b:2", "REDIS_CLUSTER_NODES")]
    [InlineData(null, "b:2,b2:3", null, "b:2", "REDIS_CLUSTER_NODES")]
    [InlineData(null, null, "redis://c:3", "c:3", "REDIS_URL")]
    public void FromConfiguration_SeveralSettings_TakesTheFirst(string? connection, string? nodes, string? url, string address, string source)
    {
        var configuration = Configuration(connection, nodes, url);

        var settings = RedisConnectionSettings.FromConfiguration(configuration);

        Assert.Equal(address, settings!.Addresses[0]);
        Assert.Equal(source, settings.Source);
    }

    [Fact]
    public void FromConfiguration_Nothing_GivesNothing()
    {
        Assert.Null(RedisConnectionSettings.FromConfiguration(Configuration(null, "", null)));
    }

    [Fact]
    public void ToString_WithLogin_ShowsNoSecret()
    {
        Assert.Equal("localhost:7000", RedisConnectionSettings.Parse("redis://user:s3cr3t@localhost:7000").ToString());
    }

    private static IConfiguration Configuration(string? connection, string? nodes, string? url)
        => new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:redis"] = connection,
            ["REDIS_CLUSTER_NODES"] = nodes,
            ["REDIS_URL"] = url,
        }).Build();
}
