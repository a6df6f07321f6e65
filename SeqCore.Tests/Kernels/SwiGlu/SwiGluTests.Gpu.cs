using SeqCore.Kernels;
using SeqCore.Kernels.SwiGlu;
using SeqCore.Tests.Kernels.Gpu;
using SeqCore.Tests.Kernels.Rows;

namespace SeqCore.Tests.Kernels.SwiGlu;

/// <summary>
/// Tolerance: a sigmoid within 5e-7, times two or three factors; the slope of silu near its zero is a difference
/// of numbers up to 1.
/// </summary>
[Collection(GpuCollection.Name)]
public class SwiGluGpuTests
{
    private const int Rows = 5;

    [Theory]
    [InlineData(19)]
    [InlineData(16)]
    public void Devices_agree(int margin)
    {
        using var pair = new DevicePair(margin);
        foreach (var columns in (int[])[.. Numbers.AwkwardLengths, 1024, 5000])
        {
            DevicePair.Operand x = pair.Put(Numbers.Normal(2 * Rows * columns, columns, 4f)),
                dY = pair.Put(Numbers.Normal(Rows * columns, 1));
            DevicePair.Operand y = pair.Output(Rows * columns), dX = pair.Output(2 * Rows * columns);
            pair.Run((backend, at) =>
            {
                backend.SwiGlu(at[x], at[y], Rows, columns);
                backend.SwiGluGradient(at[x], at[dY], at[dX], Rows, columns);
            });
            pair.ShouldAgree(y, 2e-6, 1e-30, $"y, {columns} columns");
            pair.ShouldAgree(dX, 3e-6, 1e-5, $"dX, {columns} columns");
            pair.Gpu.SwiGluGradient(x.OnGpu, dY.OnGpu, x.OnGpu, Rows, columns);
            pair.Read(x).Should().Equal(pair.Read(dX), "dX may be x");
        }
    }

    [Fact]
    public void Values_at_the_ends_of_the_range_agree()
    {
        float[] a = [0f, -0f, 88f, -88f, 104f, -104f, 200f, -200f, 3e38f, -3e38f, float.PositiveInfinity, float.NegativeInfinity,
            float.NaN, 1e-40f, -1e-20f, 17f];
        using var pair = new DevicePair(16);
        DevicePair.Operand x = pair.Put([.. a, .. Enumerable.Repeat(1f, 16)]), ones = pair.Put([.. Enumerable.Repeat(1f, 16)]),
            y = pair.Output(16), dX = pair.Output(32);
        pair.Run((backend, at) =>
        {
            backend.SwiGlu(at[x], at[y], 1, 16);
            backend.SwiGluGradient(at[x], at[ones], at[dX], 1, 16);
        });
        pair.ShouldAgree(y, 2e-6, 1e-35);
        pair.ShouldAgree(dX, 2e-6, 1e-35);
    }

    [Fact]
    public void Empty_runs_do_nothing_and_a_short_run_has_the_CPUs_message()
    {
        using var pair = new DevicePair();
        DevicePair.Operand none = pair.Put(), x = pair.Put(new float[11]), y = pair.Output(6);
        pair.Gpu.SwiGlu(none.OnGpu, none.OnGpu, 0, 4);
        pair.Gpu.SwiGluGradient(none.OnGpu, none.OnGpu, none.OnGpu, 4, 0);
        var messages = new List<string>();
        pair.Run((backend, at) => messages.Add(
            Assert.Throws<ArgumentException>(() => backend.SwiGlu(at[x], at[y], 2, 3)).Message));
        messages[1].Should().Be(messages[0]);
    }

    [Fact]
    public void Kernels_load_vectors_and_keep_rows_in_registers()
    {
        foreach (var kernel in (Type[])[typeof(Float4Kernel<SwiGluGpuKernel, AlignedFloat4>),
            typeof(Float4Kernel<SwiGluGradientGpuKernel, AlignedFloat4>)])
            PtxCompiler.Ptx(kernel).Should().Contain("ld.global.v4.f32").And.Contain("st.global.v4.f32").And.NotContain(".local");
    }
}
