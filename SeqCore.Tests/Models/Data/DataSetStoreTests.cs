using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Data;

public sealed class DataSetStoreTests : IDisposable
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("X:1\nT:A tune\n", 20_000)));
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_file_in_the_users_folder_is_taken_as_it_is()
    {
        var own = folder.Write("mine/tunes/tunes.abc", [.. "mine"u8]);
        (await Store(userFolder: folder.File("mine")).LocateAsync(Set("http://127.0.0.1:9/"))).Should().Be(own);
    }

    [Fact]
    public async Task A_file_in_the_users_folder_may_be_packed()
    {
        var packed = folder.Write("mine/tunes/tunes.abc.gz", [.. "mine"u8]);
        (await Store(userFolder: folder.File("mine")).LocateAsync(Set("http://127.0.0.1:9/"))).Should().Be(packed);
        var own = folder.Write("mine/tunes/tunes.abc", [.. "mine"u8]);
        (await Store(userFolder: folder.File("mine")).LocateAsync(Set("http://127.0.0.1:9/"))).Should().Be(own);
    }

    [Fact]
    public async Task A_download_goes_into_the_cache_and_is_not_repeated()
    {
        using var server = new OneFileServer(Content);
        var shares = new List<double>();
        var path = await Store().LocateAsync(Set(server.Address), new Recorder(shares));
        File.ReadAllBytes(path).Should().Equal(Content);
        shares[^1].Should().Be(1);
        (await Store(userFolder: folder.File("none")).LocateAsync(Set(server.Address))).Should().Be(path);
        server.Requests.Should().Be(1);
        Directory.GetFiles(Path.GetDirectoryName(path)!).Should().Equal(path);
    }

    [Fact]
    public async Task A_damaged_cached_file_is_downloaded_again()
    {
        using var server = new OneFileServer(Content);
        folder.Write("cache/tunes/tunes.abc", Content[..^1]);
        File.ReadAllBytes(await Store().LocateAsync(Set(server.Address))).Should().Equal(Content);
    }

    [Theory]
    [InlineData("altered", "*tunes: the download from http*failed: its SHA-256 is *, not *SEQCORE_DATA to that folder.")]
    [InlineData("longer", "*it is longer than 260000 bytes*")]
    [InlineData("truncated", "*tunes: the download*failed:*")]
    [InlineData("missing", "*tunes: the download*failed:*404*")]
    public async Task A_wrong_download_is_an_error_and_leaves_nothing(string fault, string message)
    {
        byte[] altered = [.. Content];
        altered[1000] ^= 1;
        using var server = fault switch
        {
            "altered" => new OneFileServer(altered),
            "longer" => new OneFileServer([.. Content, 0]),
            "truncated" => new OneFileServer(Content) { SendOnly = 100_000 },
            _ => new OneFileServer(Content) { Status = "404 Not Found" },
        };
        await FluentActions.Awaiting(() => Store().LocateAsync(Set(server.Address)))
            .Should().ThrowAsync<DataSourceException>().WithMessage(message);
        Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Should().BeEmpty();
    }

    [Fact]
    public async Task A_server_that_hangs_or_is_not_there_ends_in_an_error()
    {
        using var server = new OneFileServer(Content) { SendOnly = 1000, Hang = true };
        var hurried =
            new DataSetStore { UserFolder = null, CacheFolder = folder.File("cache"), Timeout = TimeSpan.FromMilliseconds(300) };
        await FluentActions.Awaiting(() => hurried.LocateAsync(Set(server.Address))).Should().ThrowAsync<DataSourceException>()
            .WithMessage("*it took longer than 0.3 seconds*");
        using var gone = new TcpListener(IPAddress.Loopback, 0);
        gone.Start();
        var address = $"http://{gone.LocalEndpoint}/";
        gone.Stop();
        await FluentActions.Awaiting(() => Store().LocateAsync(Set(address)))
            .Should().ThrowAsync<DataSourceException>().WithMessage("*refused*");
    }

    [Fact]
    public async Task The_caller_can_cancel()
    {
        using var server = new OneFileServer(Content) { SendOnly = 1000, Hang = true };
        using var cancel = new CancellationTokenSource(300);
        await FluentActions.Awaiting(() => Store().LocateAsync(Set(server.Address), cancellation: cancel.Token))
            .Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public void Names_that_are_no_set_list_those_that_are()
    {
        DataSet.Named("irish-abc").Should().Be(DataSet.IrishAbc);
        FluentActions.Invoking(() => DataSet.Named("shakespeare")).Should().Throw<DataSourceException>()
            .WithMessage("There is no data set 'shakespeare'. Choose one of: tinyshakespeare, irish-abc.");
    }

    private static DataSet Set(string address) =>
        new("tunes", "tunes.abc", new Uri(address), Content.Length, Convert.ToHexStringLower(SHA256.HashData(Content)));

    private DataSetStore Store(string? userFolder = null) =>
        new() { UserFolder = userFolder, CacheFolder = folder.File("cache") };

    private sealed class Recorder(List<double> shares) : IProgress<double>
    {
        public void Report(double value) => shares.Add(value);
    }

    /// <summary>Answers every request on the loopback address with the same bytes.</summary>
    private sealed class OneFileServer : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource stop = new();
        private readonly byte[] content;

        internal OneFileServer(byte[] content)
        {
            this.content = content;
            listener.Start();
            _ = AnswerAsync();
        }

        internal string Address => $"http://{listener.LocalEndpoint}/tunes.abc";

        internal string Status { get; init; } = "200 OK";

        internal int? SendOnly { get; init; }

        internal bool Hang { get; init; }

        internal int Requests { get; private set; }

        public void Dispose()
        {
            stop.Cancel();
            listener.Stop();
            stop.Dispose();
        }

        private async Task AnswerAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await listener.AcceptTcpClientAsync(stop.Token);
                    Requests++;
                    var stream = client.GetStream();
                    await stream.ReadAtLeastAsync(new byte[4096], 4, throwOnEndOfStream: true, stop.Token);
                    var head = $"HTTP/1.1 {Status}\r\nContent-Length: {content.Length}\r\nConnection: close\r\n\r\n";
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(head), stop.Token);
                    await stream.WriteAsync(content.AsMemory(0, SendOnly ?? content.Length), stop.Token);
                    if (Hang)
                        await Task.Delay(Timeout.Infinite, stop.Token);
                }
            }
            catch (Exception ended) when (ended is OperationCanceledException or IOException or SocketException
                or ObjectDisposedException)
            {
                // The test is over, or the client has heard enough.
            }
        }
    }
}
