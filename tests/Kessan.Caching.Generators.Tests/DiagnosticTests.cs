using System.Globalization;

namespace Kessan.Caching.Generators.Tests;

public sealed class DiagnosticTests
{
    [Theory]
    [InlineData("KES001", "'{tikcer}' names no parameter of 'Get'", """[CacheResult(CacheDataType.StockPrice, Key = "{tikcer}")] Task<int> Get();""")]
    [InlineData("KES001", "'{b}' names no parameter of 'Set'", """[CacheInvalidate(Tags = ["stock:{b}"])] Task Set(string a);""")]
    [InlineData("KES002", "'Get' returns 'System.Threading.Tasks.Task'", """[CacheResult(CacheDataType.StockPrice)] Task Get(string a);""")]
    [InlineData("KES002", "'Get' returns 'int'", """[CacheResult(CacheDataType.StockPrice)] int Get(string a);""")]
    [InlineData("KES002", "'Get' returns 'void'", """[CacheResult(CacheDataType.StockPrice)] void Get(string a);""")]
    [InlineData("KES002", "IAsyncEnumerable", """[CacheResult(CacheDataType.StockPrice)] IAsyncEnumerable<int> Get(string a);""")]
    [InlineData("KES002", "an invalidation follows a Task", """[CacheInvalidate(Tags = ["a"])] void Set(string a);""")]
    [InlineData("KES003", "Parameter 'a' of 'Get'", """[CacheResult(CacheDataType.StockPrice)] Task<int> Get(ref string a);""")]
    [InlineData("KES003", "Parameter 'a' of 'Get'", """[CacheResult(CacheDataType.StockPrice, Key = "x")] Task<int> Get(out int a);""")]
    [InlineData("KES003", "Parameter 'a' of 'Get'", """[CacheResult(CacheDataType.StockPrice, Key = "x")] Task<int> Get(ReadOnlySpan<char> a);""")]
    [InlineData("KES004", "it is empty", """[CacheResult(CacheDataType.StockPrice, Key = "")] Task<int> Get();""")]
    [InlineData("KES004", "a part between two colons is empty", """[CacheResult(CacheDataType.StockPrice, Key = "{a}:")] Task<int> Get(string a);""")]
    [InlineData("KES004", "its braces do not match", """[CacheResult(CacheDataType.StockPrice, Key = "{a")] Task<int> Get(string a);""")]
    [InlineData("KES004", "its braces do not match", """[CacheResult(CacheDataType.StockPrice, Key = "a}")] Task<int> Get(string a);""")]
    [InlineData("KES004", "its braces do not match", """[CacheResult(CacheDataType.StockPrice, Key = "{{a}}")] Task<int> Get(string a);""")]
    [InlineData("KES004", "two placeholders", """[CacheResult(CacheDataType.StockPrice, Key = "{a}-{b}")] Task<int> Get(string a, string b);""")]
    [InlineData("KES004", "'*' cannot stand in it", """[CacheResult(CacheDataType.StockPrice, Key = "{a}:*")] Task<int> Get(string a);""")]
    [InlineData("KES004", "Key must say one", """[CacheResult(CacheDataType.StockPrice)] Task<int> Get();""")]
    [InlineData("KES004", "Key must say what the key begins with", """[CacheResult(LifetimeSeconds = 5)] Task<int> Get(string a);""")]
    [InlineData("KES005", "Parameter 'language' of 'Get'", """[CacheResult(CacheDataType.StockPrice, Key = "{a}")] Task<int> Get(string a, string language);""")]
    [InlineData("KES006", "'{a}' is of type 'object'", """[CacheResult(CacheDataType.StockPrice)] Task<int> Get(object a);""")]
    [InlineData("KES006", "'{a}' is of type 'string[]'", """[CacheResult(CacheDataType.StockPrice)] Task<int> Get(string[] a);""")]
    [InlineData("KES006", "'{token}'", """[CacheResult(CacheDataType.StockPrice, Key = "{token}")] Task<int> Get(CancellationToken token);""")]
    [InlineData("KES008", "'Get' is generic", """[CacheResult(CacheDataType.StockPrice)] Task<T> Get<T>(string a);""")]
    [InlineData("KES009", "neither a data type nor LifetimeSeconds", """[CacheResult(Key = "a:{a}")] Task<int> Get(string a);""")]
    [InlineData("KES009", "LifetimeSeconds = 0", """[CacheResult(CacheDataType.StockPrice, LifetimeSeconds = 0)] Task<int> Get(string a);""")]
    [InlineData("KES009", "1 to 2592000", """[CacheResult(CacheDataType.StockPrice, LifetimeSeconds = 2592001)] Task<int> Get(string a);""")]
    [InlineData("KES010", "[CacheResult] and [CacheInvalidate]", """[CacheResult(CacheDataType.StockPrice)][CacheInvalidate(Tags = ["a"])] Task<int> Get(string a);""")]
    [InlineData("KES011", "neither a key nor a tag", """[CacheInvalidate] Task Set(string a);""")]
    [InlineData("KES011", "neither a key nor a tag", """[CacheInvalidate(CacheDataType.StockPrice)] Task Set(string a);""")]
    [InlineData("KES012", "UserSession", """[CacheResult(CacheDataType.UserSession)] Task<int> Get(string user);""")]
    [InlineData("KES012", "ApiQuota", """[CacheResult(CacheDataType.ApiQuota)] Task<int> Get(string user);""")]
    [InlineData("KES013", "prefix of UserSession", """[CacheResult(Key = "user_session:{a}", LifetimeSeconds = 5)] Task<int> Get(string a);""")]
    [InlineData("KES013", "the cache's own entries", """[CacheResult(Key = "kessan:{a}", LifetimeSeconds = 5)] Task<int> Get(string a);""")]
    [InlineData("KES016", "begins with the value of 'a'", """[CacheResult(Key = "{a}", LifetimeSeconds = 5)] Task<int> Get(string a);""")]
    [InlineData("KES016", "begins with the value of 'a'", """[CacheResult(Key = "user_{a}:{b}", LifetimeSeconds = 5)] Task<int> Get(string a, string b);""")]
    [InlineData("KES016", "begins with the value of 'a'", """[CacheInvalidate(Key = "{a}:x")] Task Set(string a);""")]
    [InlineData("KES015", "static abstract member 'Make'", """[CacheResult(CacheDataType.StockPrice)] Task<int> Get(string a); static abstract int Make();""")]
    [InlineData("KES015", "'Name'", """[CacheResult(CacheDataType.StockPrice)] Task<int> Get(string a); int Name { get; init; }""")]
    public void AMistake_OnAnInterface_IsReportedOnceAndNotCompiled(string id, string says, string members)
    {
        var run = GeneratorRun.Of($"namespace Market; public interface IThing {{ {members} }}");

        var diagnostic = Assert.Single(run.Reported);
        Assert.Equal(id, diagnostic.Id);
        Assert.Contains(says, diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Assert.Equal("Sample.cs", diagnostic.Location.GetLineSpan().Path);
        Assert.Equal(id == "KES005" ? 1 : 0, run.Sources.Length);
        Assert.Empty(run.CompilerErrors);
    }

    [Theory]
    [InlineData("KES007", "public class Thing { [CacheResult(CacheDataType.StockPrice)] public Task<int> Get(string a) => Task.FromResult(1); }")]
    [InlineData("KES007", "public interface IThing { [CacheResult(CacheDataType.StockPrice)] static Task<int> Get(string a) => Task.FromResult(1); }")]
    [InlineData("KES008", "public interface IThing<T> { [CacheResult(CacheDataType.StockPrice)] Task<T> Get(string a); }")]
    [InlineData("KES014", "public class Outer { private interface IThing { [CacheResult(CacheDataType.StockPrice)] Task<int> Get(string a); } }")]
    [InlineData("KES014", "file interface IThing { [CacheResult(CacheDataType.StockPrice)] Task<int> Get(string a); }")]
    public void AMistake_InThePlace_IsReported(string id, string source)
    {
        var run = GeneratorRun.Of(source);

        Assert.Equal(id, Assert.Single(run.Reported).Id);
        Assert.Empty(run.Sources);
    }

    // Every id of the generator has a case above, and a line in the documentation of the decorator.
    [Fact]
    public void EveryMistake_HasATestAndALineInTheDocumentation()
    {
        var known = typeof(CacheDecoratorGenerator).Assembly.GetType("Kessan.Caching.Generators.Diagnostics")!
            .GetFields(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Static)
            .Select(field => field.GetValue(null)).OfType<Microsoft.CodeAnalysis.DiagnosticDescriptor>().Select(descriptor => descriptor.Id).Order().ToArray();
        var tested = typeof(DiagnosticTests).GetMethods().SelectMany(method => method.GetCustomAttributes(typeof(InlineDataAttribute), false))
            .Select(data => (string)((InlineDataAttribute)data).Data[0]!).Distinct().Order();
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "decorator.md"));

        Assert.Equal(known, tested);
        Assert.All(known, id => Assert.Contains($"| `{id}` |", page, StringComparison.Ordinal));
    }

    [Fact]
    public void SeveralMistakes_InOneInterface_AreAllReported()
    {
        var run = GeneratorRun.Of("""
            public interface IThing
            {
                [CacheResult(CacheDataType.StockPrice, Key = "{x}")] Task<int> A();
                [CacheResult(CacheDataType.StockPrice)] Task B(string a);
                [CacheInvalidate] Task C();
            }
            """);

        Assert.Equal(["KES001", "KES002", "KES011"], run.Reported.Select(diagnostic => diagnostic.Id).Order());
    }
}
