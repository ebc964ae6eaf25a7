using System.Collections.Frozen;
using Kessan.MarketApi.Exchange;
using Kessan.MarketApi.Stocks;

namespace Kessan.MarketApi.BuiltIn;

/// <summary>The stocks of the built-in data set. Codes, names and sectors are real; price levels are invented.</summary>
internal static class BuiltInListing
{
    public static IReadOnlyList<BuiltInStock> All { get; } =
    [
        Prime("7203", "Toyota Motor", "トヨタ自動車", "Transportation Equipment", 2_800, 0.016, 25_000_000),
        Prime("6758", "Sony Group", "ソニーグループ", "Electric Appliances", 3_900, 0.018, 12_000_000),
        Prime("9984", "SoftBank Group", "ソフトバンクグループ", "Information & Communication", 9_200, 0.027, 11_000_000),
        Prime("8306", "Mitsubishi UFJ Financial Group", "三菱ＵＦＪフィナンシャル・グループ", "Banks", 2_050, 0.017, 45_000_000),
        Prime("6861", "Keyence", "キーエンス", "Electric Appliances", 62_000, 0.018, 600_000),
        Prime("9432", "NTT", "ＮＴＴ", "Information & Communication", 155, 0.011, 150_000_000),
        Prime("7974", "Nintendo", "任天堂", "Other Products", 12_400, 0.019, 4_000_000),
        Prime("8035", "Tokyo Electron", "東京エレクトロン", "Electric Appliances", 26_500, 0.025, 3_500_000),
        Prime("4063", "Shin-Etsu Chemical", "信越化学工業", "Chemicals", 4_700, 0.017, 6_000_000),
        Prime("6098", "Recruit Holdings", "リクルートホールディングス", "Services", 8_300, 0.022, 4_000_000),
        Prime("9983", "Fast Retailing", "ファーストリテイリング", "Retail Trade", 47_500, 0.018, 900_000),
        Prime("8058", "Mitsubishi Corporation", "三菱商事", "Wholesale Trade", 2_900, 0.016, 11_000_000),
        Prime("4502", "Takeda Pharmaceutical", "武田薬品工業", "Pharmaceutical", 4_300, 0.011, 5_000_000),
        Prime("6501", "Hitachi", "日立製作所", "Electric Appliances", 4_100, 0.019, 11_000_000),
        Prime("7267", "Honda Motor", "本田技研工業", "Transportation Equipment", 1_480, 0.016, 17_000_000),
        Prime("8697", "Japan Exchange Group", "日本取引所グループ", "Other Financing Business", 1_620, 0.016, 4_000_000),
        Prime("2914", "Japan Tobacco", "日本たばこ産業", "Foods", 4_250, 0.010, 5_000_000),
        Prime("9433", "KDDI", "ＫＤＤＩ", "Information & Communication", 2_450, 0.010, 8_000_000),
        Prime("6902", "Denso", "デンソー", "Transportation Equipment", 2_000, 0.018, 8_000_000),
        new(new("130A", "Veritas In Silico", "Veritas In Silico", "Pharmaceutical", "Growth"), false, 640, 0.034, 60_000),
    ];

    private static readonly FrozenDictionary<StockCode, BuiltInStock> ByCode = All.ToFrozenDictionary(stock => stock.Code);

    public static BuiltInStock? Find(StockCode code) => ByCode.GetValueOrDefault(code);

    private static BuiltInStock Prime(
        string ticker, string name, string nameJapanese, string sector, decimal level, double dailyVolatility, long dailyVolume) =>
        new(new Stock(ticker, name, nameJapanese, sector, "Prime"), true, level, dailyVolatility, dailyVolume);
}
