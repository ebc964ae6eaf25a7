Kessan.CacheHost.CacheServiceApp.Build(args).Run();
