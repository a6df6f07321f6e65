using System.Security.Cryptography;

namespace SeqCore.Models;

/// <summary>
/// Finds the file of a data set: in the user's folder, else in the cache, else on the web, from where it is downloaded into the
/// cache if its SHA-256 hash is correct.
/// </summary>
public sealed class DataSetStore
{
    private readonly HttpClient client;

    /// <summary>Makes a store.</summary>
    /// <param name="client">The client for downloads; null for a new one.</param>
    public DataSetStore(HttpClient? client = null) => this.client = client ?? new HttpClient();

    /// <summary>
    /// The user's folder, which holds a folder for each data set, whose files are not checked and may be packed with gzip, with
    /// .gz after their names; null for none. The environment variable SEQCORE_DATA by default.
    /// </summary>
    public string? UserFolder { get; init; } = Environment.GetEnvironmentVariable("SEQCORE_DATA");

    /// <summary>The folder for downloads, with a folder for each data set; their SHA-256 hashes are checked each time.</summary>
    public string CacheFolder { get; init; } = DefaultCacheFolder();

    /// <summary>The time limit of a whole download.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Returns the path of a data set's file, and downloads it first if necessary.</summary>
    /// <param name="set">The data set.</param>
    /// <param name="progress">Receives the fraction downloaded, in [0, 1]; nothing is reported if the file exists.</param>
    /// <param name="cancellation">Cancels a download.</param>
    /// <exception cref="DataSourceException">
    /// The download failed, took too long, or does not have the expected content.
    /// </exception>
    public async Task<string> LocateAsync(DataSet set, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        if (!string.IsNullOrEmpty(UserFolder))
        {
            var own = Path.Combine(UserFolder, set.Name, set.FileName);
            if (File.Exists(own))
                return own;
            if (File.Exists(own + ".gz"))
                return own + ".gz";
        }

        var cached = Path.Combine(CacheFolder, set.Name, set.FileName);
        if (!HasContent(cached, set))
            await DownloadAsync(set, cached, progress, cancellation).ConfigureAwait(false);
        return cached;
    }

    private static string DefaultCacheFolder()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(cache))
        {
            cache = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()
                ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        }

        return Path.Combine(cache, "seqcore");
    }

    private static bool HasContent(string path, DataSet set)
    {
        try
        {
            using var file = File.OpenRead(path);
            return file.Length == set.Bytes && Convert.ToHexStringLower(SHA256.HashData(file)) == set.Sha256;
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private async Task DownloadAsync(DataSet set, string destination, IProgress<double>? progress, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Timeout);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(destination)!);
            await AtomicFile.WriteAsync(destination, file => FetchAsync(set, file, progress, limit.Token)).ConfigureAwait(false);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw Failure(set, $"it took longer than {Timeout.TotalSeconds:0.#} seconds", late);
        }
        catch (Exception failed) when (failed is HttpRequestException or UnauthorizedAccessException
            or (IOException and not DataSourceException))
        {
            throw Failure(set, failed.Message, failed);
        }
    }

    private async Task FetchAsync(DataSet set, Stream file, IProgress<double>? progress, CancellationToken cancellation)
    {
        using var response = await client.GetAsync(set.DownloadUri, HttpCompletionOption.ResponseHeadersRead, cancellation)
            .ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        using var source = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var chunk = new byte[1 << 16];
        for (long total = 0; ;)
        {
            var count = await source.ReadAsync(chunk, cancellation).ConfigureAwait(false);
            if (count == 0)
                break;
            total += count;
            if (total > set.Bytes)
                throw Failure(set, $"it is longer than {set.Bytes} bytes, so the file is another one or was altered");
            hash.AppendData(chunk, 0, count);
            await file.WriteAsync(chunk.AsMemory(0, count), cancellation).ConfigureAwait(false);
            progress?.Report((double)total / set.Bytes);
        }

        var found = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (found != set.Sha256)
            throw Failure(set, $"its SHA-256 is {found}, not {set.Sha256}, so the file is another one or was altered");
    }

    private static DataSourceException Failure(DataSet set, string reason, Exception? inner = null) =>
        new($"Data set {set.Name}: the download from {set.DownloadUri} failed: {reason}."
            + $" Hint: put the file at {set.Name}/{set.FileName} in a folder"
            + " of your own and set the environment variable SEQCORE_DATA to that folder.", inner);
}
