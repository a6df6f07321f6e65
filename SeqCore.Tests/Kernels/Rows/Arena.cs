using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Rows;

/// <summary>
/// A backend and its buffers for one test; memory around each run is marked, so that writing past an end is seen.
/// </summary>
internal sealed class Arena(int threads = 1) : IDisposable
{
    private const int Margin = 19;
    private const float Mark = 12345.75f;
    private readonly List<DeviceSpan<float>> runs = [];

    internal CpuBackend Backend { get; } = new(threads);

    internal DeviceSpan<float> Put(params float[] values)
    {
        var whole = new DeviceSpan<float>(Backend.Rent((values.Length + 2L * Margin) * sizeof(float)), 0,
            values.Length + 2 * Margin);
        whole.AsHostSpan().Fill(Mark);
        values.CopyTo(whole.AsHostSpan()[Margin..]);
        runs.Add(whole);
        return whole.Slice(Margin, values.Length);
    }

    internal DeviceSpan<int> PutIndices(params int[] values)
    {
        var span = new DeviceSpan<int>(Backend.Rent(values.Length * sizeof(int)), 0, values.Length);
        values.CopyTo(span.AsHostSpan());
        return span;
    }

    /// <summary>Memory for a result, full of NaN so that elements left out are seen.</summary>
    internal DeviceSpan<float> Output(int length)
    {
        var values = new float[length];
        Array.Fill(values, float.NaN);
        return Put(values);
    }

    public void Dispose()
    {
        foreach (var whole in runs)
        {
            var host = whole.AsHostSpan();
            host[..Margin].ContainsAnyExcept(Mark).Should().BeFalse("nothing before the run may be written");
            host[^Margin..].ContainsAnyExcept(Mark).Should().BeFalse("nothing after the run may be written");
            whole.Buffer!.Dispose();
        }

        Backend.Dispose();
    }
}
