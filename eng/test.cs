// Runs all tests that can run on this machine: `dotnet eng/test.cs`. `dotnet eng/test.cs -- --help` tells the rest.
#:project Kessan.Build/Kessan.Build.csproj
using Kessan.Build;

return await TestCommand.RunAsync(Repository.OfThisProgram(), args);
