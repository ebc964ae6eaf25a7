using System.Text;
using Kessan.Caching.Client.Events;

namespace Kessan.CacheHost.Tests.Client;

public sealed class ParsingTests
{
    [Fact]
    public void SseParser_Stream_GivesEventsIdsAndComments()
    {
        var parser = new SseParser();

        var items = "id: n:1\nevent: key\ndata: {\"a\"\ndata: :1}\n\n: heartbeat n=1 up=2.5\nid:n:2\n\nretry: 5\n\ndata\n\n".Split('\n')[..^1]
            .Select(line => parser.Take(new(Encoding.UTF8.GetBytes(line)))).Where(item => item is not null).Select(item => item!.Value);

        Assert.Equal(
            [
                new SseItem("n:1", "key", "{\"a\"\n:1}", null),
                new SseItem(null, null, null, "heartbeat n=1 up=2.5"),
                new SseItem("n:2", null, null, null),
                new SseItem(null, null, "", null),
            ],
            items);
    }

    [Theory]
    [InlineData("heartbeat n=18 up=60123.4 age=0.3", 18, 60123.4, 0.3)]
    [InlineData("heartbeat n=0 up=1", 0, 1, null)]
    [InlineData("heartbeat later=field n=5 up=1 age=2", 5, 1, 2d)]
    public void Heartbeat_Comment_IsRead(string comment, long number, double uptime, double? silence)
    {
        Assert.True(Heartbeat.TryParse(comment, out var heartbeat));
        Assert.Equal(
            new Heartbeat(number, TimeSpan.FromMilliseconds(uptime), silence is { } age ? TimeSpan.FromMilliseconds(age) : null), heartbeat);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("heartbeat")]
    [InlineData("heartbeat n=x up=1")]
    [InlineData("heartbeat n=1")]
    [InlineData("heartbeat n=1 up=1e300")]
    public void Heartbeat_OtherComment_IsNone(string comment) => Assert.False(Heartbeat.TryParse(comment, out _));
}
