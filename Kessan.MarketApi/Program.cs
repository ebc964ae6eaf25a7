Kessan.MarketApi.MarketApiApp.Build(args).Run();
