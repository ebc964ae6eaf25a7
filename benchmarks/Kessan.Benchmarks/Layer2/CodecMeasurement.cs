using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using K4os.Compression.LZ4;
using ZstdSharp;

namespace Kessan.Benchmarks.Layer2;

/// <summary>What could compress payloads, on market JSON of several sizes.</summary>
internal static class CodecMeasurement
{
    private const int Rounds = 15;

    private sealed record Codec(string Name, Func<byte[], byte[], int> Compress, Func<byte[], int, byte[], int> Decompress);

    public static Task RunAsync()
    {
        Codec[] codecs =
        [
            new("LZ4 fast", static (from, to) => LZ4Codec.Encode(from, to), static (from, length, to) => LZ4Codec.Decode(from.AsSpan(0, length), to)),
            .. Enumerable.Range(1, 4).Select(Brotli),
            .. Enumerable.Range(1, 3).Select(Zstandard),
        ];
        foreach (var (name, payload) in ((string, byte[])[])
            [("20 KB of daily bars", Bars(150)), ("2 KB of daily bars", Bars(15)), ("one quote", JsonSerializer.SerializeToUtf8Bytes(Quote.Toyota))])
        {
            Console.WriteLine();
            Console.WriteLine($"### Codecs on {name} ({payload.Length} bytes)");
            Console.WriteLine();
            Console.WriteLine("| codec | bytes | times smaller | compress us | decompress us |");
            Console.WriteLine("| --- | --- | --- | --- | --- |");
            Measure(codecs, payload);
        }

        return Task.CompletedTask;
    }

    private static void Measure(Codec[] codecs, byte[] payload)
    {
        var compressed = codecs.Select(_ => new byte[(payload.Length * 2) + 1024]).ToArray();
        var lengths = codecs.Select((codec, i) => codec.Compress(payload, compressed[i])).ToArray();
        var plain = new byte[payload.Length];
        var compress = codecs.Select(_ => new double[Rounds]).ToArray();
        var decompress = codecs.Select(_ => new double[Rounds]).ToArray();
        for (var round = -2; round < Rounds; round++)
        {
            for (var i = 0; i < codecs.Length; i++)
            {
                var (codec, target) = (codecs[i], compressed[i]);
                var c = Time(payload.Length, () => codec.Compress(payload, target));
                var d = Time(payload.Length, () => codec.Decompress(target, lengths[i], plain));
                if (!plain.AsSpan().SequenceEqual(payload)) throw new InvalidOperationException($"{codec.Name} is not lossless.");
                if (round >= 0) (compress[i][round], decompress[i][round]) = (c, d);
            }
        }

        for (var i = 0; i < codecs.Length; i++)
        {
            Console.WriteLine(
                $"| {codecs[i].Name} | {lengths[i]} | {(double)payload.Length / lengths[i]:F2} | {Contestants.Median(compress[i]):F1} | {Contestants.Median(decompress[i]):F1} |");
        }
    }

    /// <summary>The time of one call, over as many as take some milliseconds.</summary>
    private static double Time(int size, Action call)
    {
        var calls = Math.Max(20, 2_000_000 / Math.Max(1000, size));
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++) call();
        return Stopwatch.GetElapsedTime(began).TotalMicroseconds / calls;
    }

    private static Codec Brotli(int quality) => new(
        $"Brotli q{quality}",
        (from, to) => BrotliEncoder.TryCompress(from, to, out var written, quality, 18) ? written : throw new InvalidOperationException("No room."),
        static (from, length, to) => BrotliDecoder.TryDecompress(from.AsSpan(0, length), to, out var written) ? written : throw new InvalidDataException());

    private static Codec Zstandard(int level)
    {
        var (compressor, decompressor) = (new Compressor(level), new Decompressor());
        return new($"Zstandard {level}", (from, to) => compressor.Wrap(from, to), (from, length, to) => decompressor.Unwrap(from.AsSpan(0, length), to));
    }

    /// <summary>Daily bars as a market API gives them, a random walk with a fixed seed.</summary>
    private static byte[] Bars(int count)
    {
        var random = new Random(7203);
        var price = 2500.0;
        var day = new DateOnly(2024, 1, 4);
        return JsonSerializer.SerializeToUtf8Bytes(Enumerable.Range(0, count).Select(_ =>
        {
            var open = price;
            price *= 1 + ((random.NextDouble() - 0.5) / 20);
            day = day.AddDays(1);
            return new
            {
                ticker = "7203",
                date = day,
                open = Tick(open),
                high = Tick(Math.Max(open, price) * 1.01),
                low = Tick(Math.Min(open, price) * 0.99),
                close = Tick(price),
                volume = random.Next(1_000_000, 90_000_000),
                turnover = random.NextInt64(1_000_000_000, 99_000_000_000),
            };
        }));

        static decimal Tick(double value) => Math.Round((decimal)value * 2, MidpointRounding.AwayFromZero) / 2;
    }
}
