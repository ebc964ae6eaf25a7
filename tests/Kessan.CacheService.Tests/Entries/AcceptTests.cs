using System.Net;
using Kessan.Caching.Storage;

namespace Kessan.CacheHost.Tests.Entries;

public sealed class AcceptTests
{
    private const string Entry = StoredEntryFormat.MediaType;

    [Theory]
    [InlineData(Entry, true)]
    [InlineData($"text/plain, {Entry};q=0.5", true)]
    [InlineData("APPLICATION/VND.KESSAN.ENTRY", true)]
    [InlineData($"{Entry};q=0, */*", false)]
    [InlineData($"{Entry}; Q=0.000, */*", false)]
    [InlineData($"{Entry}s", false)]
    [InlineData("*/*", false)]
    public async Task Get_Accept_GetsTheEnvelopeOnlyIfWanted(string accept, bool isEnvelope)
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Client.PutTextAsync("v1/entries/k", "x");

        var single = await node.Client.SendAsync(HttpMethod.Get, "v1/entries/k", ("Accept", accept));
        var past = await node.Client.SendAsync(HttpMethod.Get, "v1/entries/k", ("Accept", accept), ("Cache-Control", "no-cache"));

        Assert.Equal((HttpStatusCode.OK, isEnvelope), (single.StatusCode, single.Content.Headers.ContentType!.MediaType == Entry));
        Assert.Equal((HttpStatusCode.OK, isEnvelope), (past.StatusCode, past.Content.Headers.ContentType!.MediaType == Entry));
    }
}
