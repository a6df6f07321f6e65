namespace SeqCore.Benchmarks;

/// <summary>Memory and transfers to the host and back.</summary>
internal static class TransferCases
{
    private const int Small = 1003;
    private const int Large = 16 << 20;

    internal static IEnumerable<KernelCase> Create() =>
    [
        Upload(Small),
        Upload(Large),
        Download(Small),
        Download(Large),
        new("Rent", "1 MB, given back", Bounds.Exact, o => () => o.Backend.Rent(1 << 20).Dispose()),
        new("TrimMemory", "after 1 MB was given back", Bounds.Exact, o => () =>
        {
            o.Backend.Rent(1 << 20).Dispose();
            o.Backend.TrimMemory();
        }),
        new("Synchronize", "with nothing queued", Bounds.Exact, o => o.Backend.Synchronize),
    ];

    private static KernelCase Upload(int count) => new("Upload", Layouts.Sizes(count), Bounds.Exact, o =>
    {
        var source = Array.ConvertAll(Inputs.Pattern(count, 10007), static i => i * 0.5f);
        var destination = o.Result(count);
        return () => o.Backend.Upload<float>(source, destination);
    })
    { Bytes = count * 4.0, IsLarge = count == Large };

    private static KernelCase Download(int count) => new("Download", Layouts.Sizes(count), Bounds.Exact, o =>
    {
        var source = o.Normal(count);
        var result = o.Result(count);
        var host = new float[count];
        var first = true;
        return () =>
        {
            o.Backend.Download(source, host);
            if (first)
                o.Backend.Upload<float>(host, result);
            first = false;
        };
    })
    { Bytes = count * 4.0, IsLarge = count == Large };

}
