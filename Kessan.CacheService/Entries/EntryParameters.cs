using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace Kessan.CacheHost.Entries;

/// <summary>What the query of a write says about the entry.</summary>
/// <param name="Ttl">The fresh lifetime.</param>
/// <param name="Type">The data type whose lifetime it gets.</param>
/// <param name="Tags">The tags.</param>
internal readonly record struct EntryParameters(
    [property: FromQuery(Name = "ttl"), Description("The fresh lifetime in seconds, 1 to 2,592,000; else the type's, else that of the key's prefix, else 300.")]
    double? Ttl,
    [property: FromQuery(Name = "type"), Description("The data type whose lifetime the entry gets: stock_price, financial_data, news_data, ai_analysis, market_data, stock_search.")]
    string? Type,
    [property: FromQuery(Name = "tag"), Description("A tag; may be given 16 times. DELETE /v1/tags/{tag} invalidates all entries that carry it.")]
    string[]? Tags);
