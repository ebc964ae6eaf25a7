using System.Globalization;
using CsCheck;
using Kessan.Caching.Decorating;

namespace Kessan.Caching.Tests.Decorating;

public sealed class CacheKeyTextTests
{
    [Fact]
    public void Of_EachKindOfValue_IsTheSameInEveryCulture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("ar-SA");

            Assert.Equal("7203", CacheKeyText.Of("7203"));
            Assert.Equal("-1234567", CacheKeyText.Of(-1234567));
            Assert.Equal("1.5", CacheKeyText.Of(1.5m));
            Assert.Equal("0.1", CacheKeyText.Of(0.1));
            Assert.Equal("2024-01-15", CacheKeyText.Of(new DateOnly(2024, 1, 15)));
            Assert.Equal("15:25:00.0000000", CacheKeyText.Of(new TimeOnly(15, 25)));
            Assert.Equal("2024-01-15T10:00:00.0000000Z", CacheKeyText.Of(new DateTime(2024, 1, 15, 10, 0, 0, DateTimeKind.Utc)));
            Assert.Equal("Monday", CacheKeyText.Of(DayOfWeek.Monday));
            Assert.Equal("true", CacheKeyText.Of(true));
            Assert.Equal("x", CacheKeyText.Of('x'));
            Assert.Equal("15%3A25%3A00.0000000", CacheKeyText.Encode(new TimeOnly(15, 25)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Of_WhatIsMissing_IsLikeNothingElse()
    {
        string?[] texts = [null, "", "~", "~~", "~~~", "a", "~a"];

        Assert.Equal("~", CacheKeyText.Of((string?)null));
        Assert.Equal("~", CacheKeyText.Of((int?)null));
        Assert.Equal("~", CacheKeyText.Of((bool?)null));
        Assert.Equal("3", CacheKeyText.Of((int?)3));
        Assert.Equal(texts.Length, texts.Select(text => CacheKeyText.Of(text)).Distinct().Count());
        Assert.All(texts, text => Assert.NotEmpty(CacheKeyText.Of(text)));
    }

    [Fact]
    public void Of_TwoDifferentTexts_AreDifferent()
    {
        var text = Gen.OneOf(Gen.Const((string?)null), Gen.String[Gen.Char["~a"], 0, 4].Select(value => (string?)value));

        Gen.Select(text, text).Sample(
            pair => Assert.Equal(pair.Item1 == pair.Item2, CacheKeyText.Of(pair.Item1) == CacheKeyText.Of(pair.Item2)), iter: PropertyRuns.Count);
    }

    [Fact]
    public void Encode_HalfAPair_Throws()
    {
        Assert.Throws<ArgumentException>(() => CacheKeyText.Encode("\ud83d"));
    }
}
