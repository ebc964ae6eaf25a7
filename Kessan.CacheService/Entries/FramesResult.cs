using System.Buffers;
using Kessan.CacheHost.Problems;
using Kessan.Caching;
using Kessan.Caching.Storage;

namespace Kessan.CacheHost.Entries;

/// <summary>Batches as <see cref="StoredEntryFrames"/>, for clients that are caches themselves: read, and answered in order.</summary>
internal sealed class FramesResult(IReadOnlyList<StoredEntryFrame> frames) : IResult
{
    /// <summary>How often the entries are held for the answer: as they were loaded, and as the answer that is made of them.</summary>
    public const int Copies = 2;

    /// <summary>Answers reads. "None" is believed by another cache, so it is not said while the store could not be asked.</summary>
    public static FramesResult Of(CacheLookup<StoredEntry>[] lookups)
    {
        if (lookups.Any(static lookup => lookup.IsStoreAway)) throw RequestProblem.StoreAway.AsException();
        return new([.. lookups.Select(static lookup => new StoredEntryFrame("")
        {
            Code = lookup.Found ? (byte)1 : (byte)0,
            TagsVerified = lookup.Found,
            Version = lookup.Version,
            Entry = lookup.Found ? lookup.Value! with { Age = lookup.Age } : null,
        })]);
    }

    /// <summary>Answers writes. One that only this node holds is a failure to another cache: its own copy is as good.</summary>
    public static FramesResult Of(EntryWriteOutcome[] outcomes)
    {
        if (outcomes.Any(static outcome => outcome.Status is EntryWriteStatus.LocalOnly or EntryWriteStatus.Unavailable))
        {
            throw RequestProblem.StoreAway.AsException();
        }

        return new([.. outcomes.Select(static outcome => new StoredEntryFrame("")
        {
            Code = outcome.Status == EntryWriteStatus.Stored ? (byte)1 : (byte)0,
            Version = outcome.Version,
        })]);
    }

    public static FramesResult Of(StoreRemoval?[] removals) => new(
    [
        .. removals.Select(static removal => new StoredEntryFrame("")
        {
            Code = (removal ?? throw RequestProblem.StoreAway.AsException()).Existed ? (byte)1 : (byte)0,
            Version = removal.Value.Version,
        }),
    ]);

    public static FramesResult Of(LeaseResult[] leases) => new(
    [
        .. leases.Select(static lease => new StoredEntryFrame("")
        {
            Code = (byte)lease.Outcome,
            TagsVerified = lease.Reading.TagsVerified,
            Version = lease.Version,
            Duration = lease.Remaining,
            Entry = lease.Reading.Entry,
        }),
    ]);

    public static List<StoredEntryFrame> Read(ReadOnlyMemory<byte> body)
    {
        List<StoredEntryFrame> frames = [];
        while (!body.IsEmpty)
        {
            if (!StoredEntryFrames.TryRead(ref body, out var frame)) throw RequestProblem.Invalid("The body is no batch of entries.").AsException();
            frames.Add(frame);
        }

        return frames;
    }

    public static StoredEntry DemandEntry(in StoredEntryFrame frame)
        => frame.Entry ?? throw RequestProblem.Invalid("A frame has no entry.").AsException();

    public static WriteCondition ConditionOf(in StoredEntryFrame frame) => (WriteConditionKind)frame.Code switch
    {
        WriteConditionKind.Always => WriteCondition.Always,
        WriteConditionKind.IfAbsent => WriteCondition.IfAbsent,
        WriteConditionKind.IfVersion => WriteCondition.IfVersion(frame.Version),
        WriteConditionKind.IfLeaseHeld => WriteCondition.IfLeaseHeld(WriteConditions.CheckNonce(frame.Nonce)),
        _ => throw RequestProblem.Invalid("A frame has a condition that is not known here.").AsException(),
    };

    public Task ExecuteAsync(HttpContext httpContext)
    {
        // As large as it will be: one that doubles would hold three times as much.
        var buffer = new ArrayBufferWriter<byte>((int)Math.Clamp(frames.Sum(static frame => BoundOf(frame.Entry)), 256, Array.MaxLength));
        foreach (var frame in frames) StoredEntryFrames.Write(buffer, frame);

        httpContext.Response.ContentType = StoredEntryFormat.MediaType;
        httpContext.Response.ContentLength = buffer.WrittenCount;
        return httpContext.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, httpContext.RequestAborted).AsTask();
    }

    // The fixed parts of a frame and its envelope, and text at three bytes a character; the frames of an answer have neither key nor nonce.
    private static long BoundOf(StoredEntry? entry)
        => 96 + (entry is null ? 0 : entry.Payload.Length + (entry.ContentType?.Length ?? 0) + entry.Tags.Sum(static tag => 10L + (3 * tag.Tag.Length)));
}
