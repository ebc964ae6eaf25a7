using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kessan.MarketApi.Stocks;

namespace Kessan.MarketApi.JQuants;

/// <summary>
/// Writes a listing as rows of text, <c>["7203","Toyota","トヨタ","輸送用機器","プライム"]</c>: 4,500 stocks with names of members and escaped
/// characters would pass the megabyte that an entry may have.
/// </summary>
internal sealed class StockListingConverter : JsonConverter<StockListing>
{
    private const int Columns = 5;
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }; // it is no HTML

    public override StockListing Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var rows = JsonSerializer.Deserialize<string[][]>(ref reader, Plain) ?? [];
        return Array.TrueForAll(rows, row => row?.Length == Columns)
            ? new StockListing([.. rows.Select(row => new Stock(row[0], row[1], row[2], row[3], row[4]))])
            : throw new JsonException("A row of a listing has another number of columns.");
    }

    public override void Write(Utf8JsonWriter writer, StockListing value, JsonSerializerOptions options) => writer.WriteRawValue(
        JsonSerializer.SerializeToUtf8Bytes(
            value.Stocks.Select(stock => new[] { stock.Ticker, stock.Name, stock.NameJapanese, stock.Sector, stock.Segment }), Plain),
        skipInputValidation: true);
}
