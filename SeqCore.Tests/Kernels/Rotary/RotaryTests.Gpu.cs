using SeqCore.Kernels;
using SeqCore.Kernels.Rotary;
using SeqCore.Tests.Kernels.Gpu;
using SeqCore.Tests.Kernels.Rows;

namespace SeqCore.Tests.Kernels.Rotary;

/// <summary>Tolerance: two products and a sum of numbers up to 4, which may cancel.</summary>
[Collection(GpuCollection.Name)]
public class RotaryGpuTests
{
    public static TheoryData<int, RotaryShape> Shapes => new(
        from margin in (int[])[16, 19]
        from pairs in (RotaryPairs[])[RotaryPairs.HalfSplit, RotaryPairs.Interleaved]
        from shape in (RotaryShape[])
        [
            new(2, 5, 96, 3, 32, 32, 0, pairs),
            new(2, 5, 108, 3, 32, 16, 7, pairs),
            new(1, 3, 7, 2, 3, 2, 1, pairs),
            new(3, 70, 64, 4, 12, 8, 2, pairs),
            new(1, 1, 20, 1, 20, 12, 0, pairs),
            new(2, 3, 19, 2, 6, 6, 1, pairs),
            new(2, 3, 128, 3, 32, 32, 1, pairs),
        ]
        select (margin, shape));

    [Theory, MemberData(nameof(Shapes))]
    public void Devices_agree(int margin, RotaryShape shape)
    {
        using var pair = new DevicePair(margin);
        var length = shape.Batch * shape.Steps * shape.Columns;
        var angles = new float[(shape.FirstPosition + shape.Steps) * 2 * shape.RotarySize];
        RotaryTable.Fill(angles, 0, shape.RotarySize, shape.Pairs);
        DevicePair.Operand x = pair.Put(Numbers.Normal(length, 1)), table = pair.Put(angles), y = pair.Output(length),
            dX = pair.Output(length);
        pair.Run((backend, at) =>
        {
            backend.Rotary(at[x], at[table], at[y], shape);
            backend.RotaryGradient(at[x], at[table], at[dX], shape);
        });
        pair.ShouldAgree(y, 1e-6, 5e-7, "y");
        pair.ShouldAgree(dX, 1e-6, 5e-7, "dX");
        pair.Gpu.Rotary(x.OnGpu, table.OnGpu, x.OnGpu, shape);
        pair.Read(x).Should().Equal(pair.Read(y), "y may be x");
    }

    [Fact]
    public void Wrong_sizes_have_the_CPUs_messages_and_no_steps_do_nothing()
    {
        using var pair = new DevicePair();
        DevicePair.Operand x = pair.Put(new float[8]), none = pair.Put();
        pair.Gpu.Rotary(none.OnGpu, none.OnGpu, none.OnGpu, new(2, 0, 8, 1, 8, 8, 0, RotaryPairs.HalfSplit));
        var messages = new List<string>();
        pair.Run((backend, at) =>
        {
            messages.Add(Assert.Throws<ArgumentException>(() => backend.Rotary(at[x], at[x], at[x],
                new(1, 1, 8, 1, 8, 3, 0, RotaryPairs.HalfSplit))).Message);
            messages.Add(Assert.Throws<ArgumentException>(() => backend.Rotary(at[x], at[x], at[x],
                new(1, 1, 8, 1, 8, 8, 0, RotaryPairs.HalfSplit))).Message);
        });
        messages[2..].Should().Equal(messages[..2]);
    }

    [Fact]
    public void Four_pairs_are_loaded_as_vectors() =>
        PtxCompiler.AlignedPtx<RotaryGpuKernel>().Should().Contain("ld.global.v4.f32").And.Contain("st.global.v4.f32")
            .And.NotContain(".local");
}
