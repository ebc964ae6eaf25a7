// Starts the system: `dotnet eng/run.cs`. `dotnet eng/run.cs -- --help` tells the rest.
#:project Kessan.Build/Kessan.Build.csproj
using Kessan.Build;

return await StartCommand.RunAsync(Repository.OfThisProgram(), args);
