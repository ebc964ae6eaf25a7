using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kessan.MarketApi.JQuants;

/// <summary>Reads a figure that may come as a number, as text, as empty text or as null.</summary>
internal sealed class TolerantDecimalConverter : JsonConverter<decimal?>
{
    public override bool HandleNull => true;

    public override decimal? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number => reader.TryGetDecimal(out var number) ? number : null,
        JsonTokenType.String => decimal.TryParse(reader.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
        JsonTokenType.Null => null,
        _ => throw new JsonException("A figure is neither a number nor text."),
    };

    public override void Write(Utf8JsonWriter writer, decimal? value, JsonSerializerOptions options)
    {
        if (value is { } number)
            writer.WriteNumberValue(number);
        else
            writer.WriteNullValue();
    }
}
