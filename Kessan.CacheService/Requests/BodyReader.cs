using System.Buffers;
using System.IO.Pipelines;
using Kessan.CacheHost.Problems;
using Microsoft.Extensions.Options;

namespace Kessan.CacheHost.Requests;

/// <summary>Reads bodies within the limits: of size, of time, and of what all requests hold together until they are answered.</summary>
internal sealed class BodyReader(BodyBudget budget, TimeProvider time, IOptions<ServiceLimitsOptions> options)
{
    private const int FirstChunk = 16 * 1024;
    private const int EnvelopeSlack = 64 * 1024;
    private const int BatchCopies = 3;

    private readonly ServiceLimitsOptions _limits = options.Value;

    public Task<byte[]> ReadValueAsync(HttpContext context) => ReadAsync(context, nameof(_limits.ValueBytes), _limits.ValueBytes, slack: 0, copies: 1);

    /// <summary>The same for a value that comes with its envelope, which does not count.</summary>
    public Task<byte[]> ReadEntryAsync(HttpContext context) => ReadAsync(context, nameof(_limits.ValueBytes), _limits.ValueBytes, slack: EnvelopeSlack, copies: 1);

    /// <summary>A batch: it is held as it came, as what it was parsed to, and as the entries that are made of it.</summary>
    public Task<byte[]> ReadBatchAsync(HttpContext context)
        => ReadAsync(context, nameof(_limits.BatchBytes), _limits.BatchBytes, slack: 0, copies: BatchCopies);

    /// <summary>The most that one batch takes of the budget.</summary>
    public static long MostHeldForBatch(ServiceLimitsOptions limits) => (long)limits.BatchBytes * BatchCopies;

    /// <summary>The most that one value takes of the budget: the buffer it arrives in has doubled until it was large enough.</summary>
    public static long MostHeldForValue(ServiceLimitsOptions limits) => 2L * (limits.ValueBytes + EnvelopeSlack);

    private async Task<byte[]> ReadAsync(HttpContext context, string limitName, int limit, int slack, int copies)
    {
        BodyForm.Demand(context.Request.Headers);
        if (context.Request.ContentLength > limit + slack) throw RequestProblem.TooLarge(limitName, limit).AsException();

        // The buffer grows with what has arrived, not with what was announced: announcing costs the sender nothing.
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(FirstChunk, Math.Max(256, context.Request.ContentLength ?? FirstChunk)));
        long held = 0; // of the budget, for the buffer; a first chunk is not worth counting

        // Not by a token: a read that a token ends leaves the server's reader in a state in which it cannot skip the rest of the body, and
        // it would log an error for each slow client.
        var body = context.Request.BodyReader;
        using var deadline = new CancellationTokenSource(_limits.BodyTime, time);
        using var expiry = deadline.Token.UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), body);
        try
        {
            var length = 0;
            while (true)
            {
                var read = await body.ReadAsync(CancellationToken.None);
                if (read.IsCanceled)
                {
                    body.AdvanceTo(read.Buffer.Start);
                    context.RequestAborted.ThrowIfCancellationRequested();
                    throw TooSlow();
                }

                try
                {
                    var arrived = (int)Math.Min(read.Buffer.Length, limit + slack + 1 - length);
                    while (length + arrived > buffer.Length)
                    {
                        var more = held == 0 ? buffer.Length * 2L : buffer.Length;
                        budget.Take(more);
                        held += more;
                        buffer = Grow(buffer);
                    }

                    read.Buffer.Slice(0, arrived).CopyTo(buffer.AsSpan(length));
                    length += arrived;
                }
                finally
                {
                    body.AdvanceTo(read.Buffer.End); // also when the budget is spent: the server skips the rest and the answer gets through
                }

                if (length > limit + slack) throw RequestProblem.TooLarge(limitName, limit).AsException();
                if (!read.IsCompleted) continue;

                // What is made of it lives on with the entry, and is not less before the answer is through. The buffer goes back in a moment.
                budget.Return(held);
                held = 0;
                budget.Hold(context, (long)length * copies);
                return buffer.AsSpan(0, length).ToArray();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            if (held > 0) budget.Return(held);
        }
    }

    private RequestProblemException TooSlow()
        => new RequestProblem(ProblemKind.BodyTimeout, $"The body did not arrive within {_limits.BodyTime.TotalSeconds} s.")
        {
            LimitName = nameof(_limits.BodyTime),
        }.AsException();

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
