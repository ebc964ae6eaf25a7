using Kessan.HttpBenchmarks;

// serve bare|same-bytes|furnished|service --urls …: one of the competitors, started by the others.
return args switch
{
    ["serve", "bare", .. var rest] => await Servers.RunBareAsync(rest),
    ["serve", "same-bytes", .. var rest] => await Servers.RunSameBytesAsync(rest),
    ["serve", "furnished", .. var rest] => await Servers.RunFurnishedAsync(rest),
    ["serve", "service", .. var rest] => await Servers.RunServiceAsync(rest),
    ["pairs", .. var rest] => await PairsTable.RunAsync(Settings.From(rest)),
    ["writes", .. var rest] => await WritesTable.RunAsync(Settings.From(rest)),
    ["versions", .. var rest] => await VersionsTable.RunAsync(Settings.From(rest)),
    ["consumer", ..] => await ConsumerTable.RunAsync(),
    _ => Settings.Explain(),
};
