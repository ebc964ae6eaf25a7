using System.Text;
using CsCheck;
using Kessan.Caching.Keys;

namespace Kessan.Caching.Tests.Keys;

public sealed class CacheKeyPropertyTests
{
    // Few different characters and short parts, so that collisions would happen if they could.
    private static readonly Gen<string> Part = Gen.OneOf(
        Gen.String[Gen.Char["v:%*{}2 3Aa/\0\u00e9東"], 1, 6],
        Gen.String[Gen.Char["v0123"], 1, 3],
        Gen.String[1, 20]).Where(IsValid);

    private static readonly Gen<(CacheDataType Type, string[] Parts, int Version)> Input = Gen.Select(
        Gen.Int[1, 8].Select(type => (CacheDataType)type), Part.Array[1, 4], Gen.Int[0, 3]);

    [Fact]
    public void Build_RandomInputs_NoTwoShareAKeyAndNoneHasAForbiddenCharacter()
    {
        var seen = new System.Collections.Concurrent.ConcurrentDictionary<string, string>();

        Input.Sample(
            input =>
            {
                var key = Build(input);
                Assert.InRange(key.Length, 1, CacheKeyBuilder.MaximumLength);
                Assert.All(key, character => Assert.True(
                    char.IsAsciiLetterOrDigit(character) || "._~@-:%".Contains(character, StringComparison.Ordinal), $"'{character}' in {key}"));

                var identity = $"{input.Type}|{input.Version}|{string.Join('|', input.Parts.Select(part => Convert.ToHexString(Encoding.Unicode.GetBytes(part))))}";
                Assert.Equal(identity, seen.GetOrAdd(key, identity));
            },
            iter: PropertyRuns.Count);
    }

    [Fact]
    public void Build_RandomInputs_TheKeySaysWhatWentIn()
    {
        Input.Sample(
            input =>
            {
                var parts = Build(input).Split(':');

                Assert.Equal(CacheKeys.PrefixOf(input.Type), parts[0]);
                Assert.Equal(input.Parts, parts[1..(input.Parts.Length + 1)].Select(Uri.UnescapeDataString));
                Assert.Equal(input.Version == 0 ? [] : [$"v{input.Version}"], parts[(input.Parts.Length + 1)..]);
                Assert.Equal(input.Type, CacheKeys.DataTypeOf(Build(input)));
            },
            iter: PropertyRuns.Count);
    }

    [Fact]
    public void TagOf_RandomInputs_IsTheTagOfTheTicker()
    {
        Input.Sample(
            input =>
            {
                var expected = input.Type <= CacheDataType.AiAnalysis ? CacheKeys.StockTag(input.Parts[0]) : null;

                Assert.Equal(expected, CacheKeys.TagOf(Build(input)));
            },
            iter: PropertyRuns.Count);
    }

    [Fact]
    public void Parsers_AnyText_NeverThrow()
    {
        Gen.OneOf(Gen.String, Gen.String.Select(text => "stock_price:" + text)).Sample(
            key =>
            {
                _ = CacheKeys.DataTypeOf(key);
                _ = CacheKeys.TagOf(key);
            },
            iter: PropertyRuns.Count);
    }

    private static string Build((CacheDataType Type, string[] Parts, int Version) input)
        => new CacheKeyBuilder(new Dictionary<CacheDataType, int> { [input.Type] = input.Version })
            .Build(input.Type, input.Parts[0], input.Parts.AsSpan(1));

    private static bool IsValid(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }

        return true;
    }
}
