using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Kessan.Caching.Storage;
using ZstdSharp;

namespace Kessan.CacheHost.Tests.Entries;

/// <summary>Entries that come compressed: their limits are those of what comes out, and damage reaches nobody.</summary>
public sealed class CompressedTests
{
    [Theory]
    [InlineData(new byte[] { 1, 2, 3 })]
    [InlineData(new byte[] { 0x28, 0xb5, 0x2f, 0xfd, 0x20, 5, 0xff, 0xff, 0xff })] // a frame's beginning, and nonsense
    public async Task Put_DamagedEnvelope_IsRefused(byte[] payload)
    {
        await using var node = await ServiceNode.StartAsync();

        var put = await PutAsync(node, Entry(payload, PayloadCodec.Zstandard));

        await put.IsProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal(HttpStatusCode.NotFound, (await node.Client.SendAsync(HttpMethod.Get, "v1/entries/k")).StatusCode);
    }

    [Fact]
    public async Task Put_EnvelopeThatIsTooLargeWhenDecompressed_IsRefused()
    {
        await using var node = await ServiceNode.StartAsync(settings: new() { ["Kessan:Service:Limits:ValueBytes"] = "65536" });

        var exact = await PutAsync(node, Compressed(new byte[65536]));
        var larger = await PutAsync(node, Compressed(new byte[65537]));
        var huge = await PutAsync(node, Compressed(new byte[60 << 20]));

        Assert.Equal(HttpStatusCode.NoContent, exact.StatusCode);
        Assert.Equal(new byte[65536], await node.Client.GetByteArrayAsync("v1/entries/k", TestContext.Current.CancellationToken));
        var problem = await larger.IsProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
        Assert.Equal("ValueBytes", problem.GetProperty("limit_name").GetString());
        await huge.IsProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
    }

    [Fact]
    public async Task BatchSet_DamagedEnvelope_IsRefused()
    {
        await using var node = await ServiceNode.StartAsync();
        var frames = new System.Buffers.ArrayBufferWriter<byte>();
        StoredEntryFrames.Write(frames, new StoredEntryFrame("k") { Entry = Entry([1, 2, 3], PayloadCodec.Zstandard) });
        var body = new ByteArrayContent(frames.WrittenSpan.ToArray());
        body.Headers.ContentType = new(StoredEntryFormat.MediaType);

        var answer = await node.Client.PostAsync("v1/entries/batch-set", body, TestContext.Current.CancellationToken);

        await answer.IsProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task Get_EntryThatAnotherProgramDamaged_IsAMiss()
    {
        await using var node = await ServiceNode.StartAsync();
        await node.Store!.SetAsync(new StoreWrite("broken", Entry([1, 2, 3], PayloadCodec.Zstandard)), TestContext.Current.CancellationToken);
        await node.Client.PutTextAsync("v1/entries/good", "1", "application/json");

        var single = await node.Client.SendAsync(HttpMethod.Get, "v1/entries/broken");
        var head = await node.Client.SendAsync(HttpMethod.Head, "v1/entries/broken");
        var batch = await (await node.Client.PostTextAsync("v1/entries/batch-get", """{"keys":["good","broken"]}""")).JsonAsync();

        await single.IsProblemAsync(HttpStatusCode.NotFound, "not-found");
        Assert.Null(single.Header("ETag"));
        Assert.Equal(HttpStatusCode.NotFound, head.StatusCode);
        Assert.Equal("broken", Assert.Single(batch.GetProperty("missing").EnumerateArray()).GetString());
        Assert.Equal(1, batch.GetProperty("entries").GetProperty("good").GetProperty("value").GetInt32());
    }

    [Fact]
    public async Task BatchGet_TextIsNoUnicode_ComesAsBytes()
    {
        await using var node = await ServiceNode.StartAsync();
        byte[] poison = [(byte)'"', 0xff, (byte)'"'];
        await node.Client.PutAsync("v1/entries/poison", new ByteArrayContent(poison), TestContext.Current.CancellationToken);
        await node.Client.PutTextAsync("v1/entries/good", "1", "application/json");

        var bytes = await (await node.Client.PostTextAsync("v1/entries/batch-get", """{"keys":["good","poison"]}""")).Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        var entries = JsonDocument.Parse(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes)).RootElement.GetProperty("entries");
        Assert.Equal("base64", entries.GetProperty("poison").GetProperty("encoding").GetString());
        Assert.Equal(poison, entries.GetProperty("poison").GetProperty("value").GetBytesFromBase64());
        Assert.Equal(1, entries.GetProperty("good").GetProperty("value").GetInt32());
    }

    internal static StoredEntry Compressed(byte[] value) => Entry(new Compressor(1).Wrap(value).ToArray(), PayloadCodec.Zstandard);

    private static StoredEntry Entry(byte[] payload, PayloadCodec codec)
        => new() { Payload = payload, Codec = codec, Lifetime = TimeSpan.FromMinutes(5), ContentType = "application/octet-stream", Traits = StoredEntryTraits.Raw };

    internal static Task<HttpResponseMessage> PutAsync(ServiceNode node, StoredEntry entry, string key = "k")
    {
        var content = new ByteArrayContent(StoredEntryFormat.Encode(entry));
        content.Headers.ContentType = new MediaTypeHeaderValue(StoredEntryFormat.MediaType);
        return node.Client.PutAsync($"v1/entries/{key}", content, TestContext.Current.CancellationToken);
    }
}
