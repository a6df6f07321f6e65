using SeqCore.Kernels;
using SeqCore.Kernels.Norms;
using SeqCore.Tests.Kernels.Gpu;
using SeqCore.Tests.Kernels.Rows;

namespace SeqCore.Tests.Kernels.Norms;

/// <summary>
/// Tolerances: normalised elements are of size 3, and 1 / sqrt adds a few roundings; sums over columns and rows are in another
/// order than the CPU's, so that their rounding grows as the root of the number of terms.
/// </summary>
[Collection(GpuCollection.Name)]
public class RmsNormGpuTests
{
    private const float Epsilon = 1e-3f;

    [Theory]
    [InlineData(19)]
    [InlineData(16)]
    public void Devices_agree(int margin)
    {
        using var pair = new DevicePair(margin);
        foreach (var columns in (int[])[.. Numbers.AwkwardLengths, 384, 1000, 5000, 8192])
        {
            Check(pair, 5, columns, affine: true);
            Check(pair, 3, columns, affine: false);
        }
    }

    [Fact]
    public void Devices_agree_on_many_rows_and_long_ones()
    {
        using var pair = new DevicePair(16);
        Check(pair, 9000, 12, affine: true);
        Check(pair, 1100, 260, affine: true);
        Check(pair, 600, 4100, affine: true);
        Check(pair, 2, 50_000, affine: true);
    }

    [Theory]
    [InlineData(16, 132)]
    [InlineData(19, 4097)]
    public void The_sum_with_a_residual_is_normalised(int margin, int columns)
    {
        const int Rows = 6;
        using var pair = new DevicePair(margin);
        DevicePair.Operand x = pair.Put(Numbers.Normal(Rows * columns, 1)),
            residual = pair.Put(Numbers.Normal(Rows * columns, 2));
        DevicePair.Operand y = pair.Output(Rows * columns), sum = pair.Output(Rows * columns), rstd = pair.Output(Rows);
        pair.Run((backend, at) => backend.RmsNorm(new()
        {
            X = at[x], Y = at[y], Rstd = at[rstd], Rows = Rows, Columns = columns, Epsilon = Epsilon,
            Residual = at[residual], Sum = at[sum],
        }));
        pair.ShouldAgree(sum, 0, 0, "sum");
        pair.ShouldAgree(y, 1e-5, 1e-5, "y");
        DevicePair.Operand dY = pair.Put(Numbers.Normal(Rows * columns, 3)), dSum = pair.Put(Numbers.Normal(Rows * columns, 4)),
            dX = pair.Output(Rows * columns);
        pair.Run((backend, at) => backend.RmsNormGradient(new()
        {
            X = at[sum], Rstd = at[rstd], DY = at[dY], DX = at[dX], Rows = Rows, Columns = columns, DSum = at[dSum],
        }));
        pair.ShouldAgree(dX, 1e-5, 1e-5, "dX");
        foreach (var into in (DevicePair.Operand[])[x, residual])
        {
            var at = new DevicePair.Finder(true);
            DevicePair.Operand a = pair.Put(Numbers.Normal(Rows * columns, 1)), b = pair.Put(Numbers.Normal(Rows * columns, 2));
            var target = into == x ? a : b;
            pair.Gpu.RmsNorm(new()
            {
                X = at[a], Y = at[y], Rows = Rows, Columns = columns, Epsilon = Epsilon, Residual = at[b],
                Sum = at[target],
            });
            pair.Read(target).Should().Equal(pair.Read(sum), "the sum may be x or the residual");
        }
    }

    [Fact]
    public void Infinity_NaN_and_constant_rows_agree()
    {
        var values = new float[4 * 40];
        (values[3], values[45], values[90]) = (float.NaN, float.PositiveInfinity, 1e19f);
        Array.Fill(values, 7f, 120, 40);
        using var pair = new DevicePair(16);
        DevicePair.Operand x = pair.Put(values), y = pair.Output(160), rstd = pair.Output(4);
        DevicePair.Operand none = null!;
        pair.Run((backend, at) => backend.RmsNorm(new()
        {
            X = at[x], Weight = at[none], Y = at[y], Rstd = at[rstd], Rows = 4, Columns = 40, Epsilon = Epsilon,
        }));
        pair.ShouldAgree(y, 1e-5, 1e-6);
    }

    [Fact]
    public void Gradients_in_place_and_in_two_runs_have_the_same_bits()
    {
        const int Rows = 2300, Columns = 20;
        using var pair = new DevicePair(16);
        var values = Numbers.Normal(Rows * Columns, 1);
        DevicePair.Operand x = pair.Put(values), dY = pair.Put(Numbers.Normal(Rows * Columns, 2)),
            weight = pair.Put(Numbers.Normal(Columns, 3));
        DevicePair.Operand rstd = pair.Put(Enumerable.Repeat(0.9f, Rows).ToArray());
        DevicePair.Operand dX = pair.Output(Rows * Columns), dWeight = pair.Output(Columns), dWeight2 = pair.Output(Columns);
        var at = new DevicePair.Finder(true);
        pair.Gpu.RmsNormGradient(new()
        {
            X = at[x], Weight = at[weight], Rstd = at[rstd], DY = at[dY], DX = at[dX], DWeight = at[dWeight],
            Rows = Rows, Columns = Columns,
        });
        pair.Gpu.RmsNormGradient(new()
        {
            X = at[x], Weight = at[weight], Rstd = at[rstd], DY = at[dY], DX = at[dY], DWeight = at[dWeight2],
            Rows = Rows, Columns = Columns,
        });
        pair.Read(dY).Should().Equal(pair.Read(dX), "dX may be dY");
        pair.Read(dWeight2).Should().Equal(pair.Read(dWeight));
    }

    [Fact]
    public void Without_rows_the_gradients_of_the_weights_are_zero_and_a_short_run_is_named()
    {
        using var pair = new DevicePair();
        DevicePair.Operand none = pair.Put(), weight = pair.Put(1f, 2f), dWeight = pair.Output(2);
        pair.Run((backend, at) => backend.RmsNormGradient(new()
        {
            X = at[none], Weight = at[weight], Rstd = at[none], DY = at[none], DX = at[none], DWeight = at[dWeight],
            Rows = 0, Columns = 2,
        }));
        pair.ShouldAgree(dWeight, 0, 0);
        var x = pair.Put(new float[5]);
        var messages = new List<string>();
        pair.Run((backend, at) => messages.Add(
            Assert.Throws<ArgumentException>(() => backend.RmsNorm(new()
            {
                X = at[x], Y = at[x], Rows = 3, Columns = 2, Epsilon = Epsilon,
            })).Message));
        messages[1].Should().Be(messages[0]).And.Be("RmsNorm: x should hold (3, 2) = 6 elements; got 5.");
    }

    [Fact]
    public void Kernels_load_vectors_and_keep_rows_in_registers()
    {
        foreach (var kernel in (Type[])[typeof(Float4Kernel<NormGpuKernel<RmsNormKind>, AlignedFloat4>),
            typeof(Float4Kernel<NormGradientGpuKernel<RmsNormKind>, AlignedFloat4>)])
        {
            PtxCompiler.Ptx(kernel).Should().Contain("ld.global.v4.f32").And.Contain("st.global.v4.f32")
                .And.Contain("shfl.sync.bfly").And.NotContain(".local");
        }
    }

    private static void Check(DevicePair pair, int rows, int columns, bool affine)
    {
        DevicePair.Operand absent = null!;
        DevicePair.Operand x = pair.Put(Numbers.Normal(rows * columns, columns, 2f)),
            dY = pair.Put(Numbers.Normal(rows * columns, 3));
        DevicePair.Operand weight = affine ? pair.Put(Numbers.Normal(columns, 1)) : absent;
        DevicePair.Operand y = pair.Output(rows * columns), dX = pair.Output(rows * columns), rstd = pair.Output(rows);
        DevicePair.Operand dWeight = affine ? pair.Output(columns) : absent;
        pair.Run((backend, at) =>
        {
            backend.RmsNorm(new()
            {
                X = at[x], Weight = at[weight], Y = at[y], Rstd = at[rstd], Rows = rows, Columns = columns,
                Epsilon = Epsilon,
            });
            backend.RmsNormGradient(new()
            {
                X = at[x], Weight = at[weight], Rstd = at[rstd], DY = at[dY], DX = at[dX], DWeight = at[dWeight],
                Rows = rows, Columns = columns,
            });
        });
        var what = $"({rows}, {columns})";
        pair.ShouldAgree(rstd, 3e-6, 0, "rstd " + what);
        pair.ShouldAgree(y, 1e-5, 1e-5, "y " + what);

        // With two columns of nearly the same value 1 / deviation is large, and so are differences of gradients before it.
        pair.ShouldAgree(dX, 2e-5, columns < 3 ? 2e-4 : 2e-5, "dX " + what);
        if (!affine)
            return;
        pair.ShouldAgree(dWeight, 1e-5, 1e-6 * Math.Sqrt(rows) + 1e-6, "dWeight " + what);
    }
}
