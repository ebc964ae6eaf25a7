using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kessan.Caching.Serialization;

namespace Kessan.Caching.Tests.Serialization;

public sealed class JsonSupportTests
{
    [Theory]
    [InlineData(typeof(int))]
    [InlineData(typeof(string))]
    [InlineData(typeof(DateOnly?))]
    [InlineData(typeof(byte[]))]
    [InlineData(typeof(Price))]
    [InlineData(typeof(List<Price>))]
    [InlineData(typeof(Price[][]))]
    [InlineData(typeof(IReadOnlyDictionary<Guid, Price>))]
    [InlineData(typeof(Tree))]
    [InlineData(typeof(Shape))]
    [InlineData(typeof(object))]
    [InlineData(typeof(JsonElement))]
    [InlineData(typeof(Dictionary<DayOfWeek, (int, int)>))]
    public void Takes_WhatJsonWritesAndReads(Type type) => Assert.True(JsonSupport.Takes(type, JsonSerializerOptions.Default));

    [Theory]
    [InlineData(typeof(double[,]))]
    [InlineData(typeof(Dictionary<(int, int), string>))]
    [InlineData(typeof(Dictionary<Price, int>))]
    [InlineData(typeof(Surface))]
    [InlineData(typeof(List<Surface[]>))]
    [InlineData(typeof(IPrice))]
    [InlineData(typeof(TwoWays))]
    public void Takes_WhatJsonRefuses_IsFalse(Type type) => Assert.False(JsonSupport.Takes(type, JsonSerializerOptions.Default));

    [Fact]
    public void Takes_WithAConverterOfTheApplications_IsTrue()
    {
        var options = new JsonSerializerOptions { Converters = { new ComplexConverter() } };

        Assert.True(JsonSupport.Takes(typeof(Complex), options));
    }

    public interface IPrice
    {
        decimal Value { get; }
    }

    public sealed record Price(string Ticker, decimal Value) : IPrice;

    public sealed record Tree(string Name, List<Tree> Children);

    public sealed record Surface(string Name, double[,] Volatility);

    [JsonDerivedType(typeof(Circle), "circle")]
    public abstract record Shape;

    public sealed record Circle(double Radius) : Shape;

    public sealed class TwoWays
    {
        public TwoWays(int number) => Number = number;

        public TwoWays(string text) => Number = text.Length;

        public int Number { get; }
    }

    private sealed class ComplexConverter : JsonConverter<Complex>
    {
        public override Complex Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetDouble(), 0);

        public override void Write(Utf8JsonWriter writer, Complex value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Real);
    }
}
