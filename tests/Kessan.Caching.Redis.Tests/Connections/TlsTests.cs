using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kessan.Caching.Storage;
using Kessan.Testing.Redis;

namespace Kessan.Caching.Redis.Tests.Connections;

/// <summary>A server that speaks TLS only, with a user and a password.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    // What the client takes a private certificate authority from.
    private const string TrustedIssuer = "SERedis_IssuerCertPath";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kessan-tls-");
    private RedisServerProcess _server = null!;
    private int _port;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Certificate => Path.Combine(_directory.FullName, "server.crt");

    private string PrivateKey => Path.Combine(_directory.FullName, "server.key");

    public async ValueTask InitializeAsync()
    {
        RedisServers.SkipWithoutServer();
        await WriteCertificateAsync();
        _port = TestPorts.Next();
        _server = await RedisServerProcess.StartAsync(
            "--tls-port", $"{_port}", "--tls-cert-file", Certificate, "--tls-key-file", PrivateKey, "--tls-ca-cert-file", Certificate,
            "--tls-auth-clients", "no");
        _server.Ask("ACL", "SETUSER", "app", "on", ">p@ss:word", "~*", "&*", "+@all");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Theory]
    [InlineData("rediss://app:p%40ss%3Aword@127.0.0.1:{0}/2")]
    [InlineData("127.0.0.1:{0},ssl=true,user=app,password=p@ss:word,defaultDatabase=2")]
    public async Task TrustedCertificate_UserAndPassword_Works(string form)
    {
        var address = form.Replace("{0}", $"{_port}", StringComparison.Ordinal);
        Environment.SetEnvironmentVariable(TrustedIssuer, Certificate);
        try
        {
            await using var store = await RedisNodes.OpenPatientAsync(address);

            await store.SetAsync(new StoreWrite("k", new StoredEntry { Payload = "x"u8.ToArray(), Lifetime = TimeSpan.FromMinutes(5) }), Token);

            Assert.NotNull((await store.GetAsync("k", StoreReadOptions.Default, Token)).Entry);
            var clients = (string)_server.Ask("CLIENT", "LIST")!;
            Assert.Contains("user=app", clients, StringComparison.Ordinal);
            Assert.Contains("db=2", clients, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(TrustedIssuer, null);
        }
    }

    [Fact]
    public async Task UnknownCertificate_IsNotTalkedTo()
    {
        await using var store = RedisNodes.Create($"rediss://app:p%40ss%3Aword@127.0.0.1:{_port}");

        await store.Connection.ConnectAsync();

        await Assert.ThrowsAsync<CacheStoreException>(() => store.GetAsync("k", StoreReadOptions.Default, Token).AsTask());
        Assert.False(store.Connection.IsConnected);
        Assert.DoesNotContain("user=app", (string)_server.Ask("CLIENT", "LIST")!, StringComparison.Ordinal);
    }

    private async Task WriteCertificateAsync()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=kessan test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddMinutes(-5), now.AddHours(1));
        await File.WriteAllTextAsync(Certificate, certificate.ExportCertificatePem(), Token);
        await File.WriteAllTextAsync(PrivateKey, key.ExportPkcs8PrivateKeyPem(), Token);
    }
}
