using System.Text.RegularExpressions;
using SeqCore.Kernels;
using SeqCore.Kernels.MatMul;
using SeqCore.Tests.Kernels.Gpu;

namespace SeqCore.Tests.Kernels.MatMul;

/// <summary>What the products' kernels look like in PTX, where they put things in shared memory, and which is chosen.</summary>
public partial class MatMulKernelTests
{
    [Fact]
    public void The_large_tile_keeps_its_sums_in_registers_and_loads_Float4()
    {
        var step = Loop(PtxCompiler.AlignedPtx<TiledProductKernel<LargeTile, LoaderAlongK, LoaderAcrossK>>(), "fma.rn", 512);
        Regex.Count(step, "fma.rn.f32").Should().Be(8 * 64, "a step of 8 terms adds 64 products each");
        Regex.Count(step, @"ld\.shared\.v4\.f32").Should().Be(8 * 4);
        Regex.Count(step, @"ld\.global\.v4\.f32").Should().BeInRange(0, 2);
        Regex.Count(step, @"st\.shared\.f32").Should().Be(4, "A is turned");
        Regex.Count(step, @"st\.shared\.v4\.f32").Should().Be(1, "B is put down as it comes");
        Regex.Count(step, "bar.sync").Should().Be(1);
    }

    [Fact]
    public void Every_variant_stays_out_of_local_memory()
    {
        var kernels = PtxCompiler.Kernels().Where(k => IsOneOf(k, typeof(TiledProductKernel<,,>),
            typeof(TensorCoreProductKernel<,,>), typeof(ThinDotKernel<>), typeof(ThinSumKernel<>))
            && !Body(k).GetGenericArguments().Contains(typeof(MediumTile))
            && !Body(k).GetGenericArguments().Contains(typeof(SmallTile))).ToList();
        kernels.Should().HaveCount((2 * (9 + 8 + 2)) + 2, "all but one are for aligned operands and for any");
        foreach (var kernel in kernels)
            PtxCompiler.Ptx(kernel).Should().NotContain(".local", "{0}", kernel);

        static bool IsOneOf(Type kernel, params Type[] definitions) =>
            Body(kernel).IsGenericType && definitions.Contains(Body(kernel).GetGenericTypeDefinition());

        static Type Body(Type kernel) =>
            kernel.IsGenericType && kernel.GetGenericTypeDefinition() == typeof(Float4Kernel<,>)
                ? kernel.GetGenericArguments()[0]
                : kernel;
    }

    [Theory]
    [InlineData(typeof(TensorCoreLayoutAlongK), typeof(Tf32Rounding), 1)]
    [InlineData(typeof(TensorCoreLayoutAcrossK), typeof(Tf32Rounding), 1)]
    [InlineData(typeof(TensorCoreLayoutAlongK), typeof(Tf32x3Rounding), 3)]
    [InlineData(typeof(TensorCoreLayoutAcrossK), typeof(Tf32x3Rounding), 3)]
    public void The_tensor_core_kernel_multiplies_and_copies_as_documented(Type layout, Type rounding, int products)
    {
        var step = Loop(PtxCompiler.Ptx(typeof(Float4Kernel<,>).MakeGenericType(
            typeof(TensorCoreProductKernel<,,>).MakeGenericType(layout, layout, rounding), typeof(AlignedFloat4))),
            "mma.sync", products * 64);
        Regex.Count(step, "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32").Should().Be(products * 2 * 4 * 8);
        Regex.Count(step, "ld.shared").Should().Be(2 * (16 + 16));
        Regex.Count(step, "cp.async.cg.shared.global").Should().Be(8);
        Regex.Count(step, "cp.async.commit_group").Should().Be(1);
        Regex.Count(step, "cp.async.wait_group").Should().Be(1);
        Regex.Count(step, "cvt.rna.tf32.f32").Should().Be(products == 1 ? 2 * (16 + 16) : 0);
        Regex.Count(step, "sub.*f32").Should().Be(products == 1 ? 0 : 2 * (16 + 16),
            "what a factor's rounding leaves is one subtraction");
        Regex.Count(step, "add.*f32").Should().Be(products == 1 ? 0 : 2 * 4 * 8 * 4,
            "sums of eight terms are added outside the tensor cores");
        Regex.Count(step, "bar.sync").Should().Be(1);
    }

    [Fact]
    public void Threads_of_a_tile_cover_it_once()
    {
        Cover<LargeTile>();
        Cover<MediumTile>();
        Cover<SmallTile>();

        static void Cover<TTile>() where TTile : struct, IProductTile
        {
            var seen = new int[TTile.Side, TTile.Side];
            for (var thread = 0; thread < 2 * TTile.Side; thread++)
            {
                for (var i = 0; i < TTile.Blocks * 16; i++)
                {
                    seen[TTile.Row(thread) + TTile.BlockRow(i / 16) + (i / 4 % 4), TTile.Column(thread)
                        + TTile.BlockColumn(i / 16) + (i % 4)]++;
                }
            }

            seen.Cast<int>().Should().AllBeEquivalentTo(1);
        }
    }

    [Fact]
    public void Neighbours_in_a_warp_read_the_same_Float4()
    {
        for (var lane = 0; lane < 32; lane++)
        {
            WarpGrid.Column(lane).Should().Be(WarpGrid.Column(lane ^ 1));
            WarpGrid.Row(lane).Should().Be(WarpGrid.Row(lane ^ 2));
        }
    }

    [Fact]
    public void Shared_memory_of_tensor_cores_has_a_place_for_each_element_and_a_bank_for_each_lane()
    {
        Check<TensorCoreLayoutAlongK>();
        Check<TensorCoreLayoutAcrossK>();

        static void Check<TLayout>() where TLayout : struct, ITensorCoreLayout
        {
            Enumerable.Range(0, 2048).Select(i => TLayout.Index(i / 16, i % 16))
                .Should().OnlyHaveUniqueItems().And.OnlyContain(i => i >= 0 && i < 2048);
            for (var i = 0; i < 128 * 16; i += 4)
            {
                (TLayout.Index(i / 16, i % 16) % 4)
                    .Should().BeOneOf(typeof(TLayout) == typeof(TensorCoreLayoutAlongK) ? [0] : [0, 1, 2, 3]);
            }

            for (var eight = 0; eight < 8; eight++)
            {
                for (var four = 0; four < 4; four++)
                {
                    var places = Enumerable.Range(0, 32)
                        .Select(l => TLayout.Lane(l, TLayout.Class(eight, four)) + TLayout.Offset(eight, four)).ToList();
                    places.Should().Equal(Enumerable.Range(0, 32).Select(l =>
                        TLayout.Index((eight * 8) + TensorCoreFragment.Group(l),
                        (four * 4) + TensorCoreFragment.Member(l))), "a lane reads its own element");
                    places.Select(p => p % 32).Should().OnlyHaveUniqueItems();
                }
            }
        }
    }

    [Theory]
    [InlineData(8192, 8192, 8192, 128, 1)]
    [InlineData(2048, 2048, 2048, 128, 1)]
    [InlineData(128, 128, 65536, 64, 64)]
    [InlineData(32, 4096, 1024, 32, 8)]
    [InlineData(1, 4096, 4096, 0, 8)]
    public void An_H200_gets_the_tile_that_fills_it(int m, int n, int k, int side, int splits) =>
        MatMulPlan.Choose(m, n, k, 1, 132).Should().Be(new MatMulPlan(side, splits));

    [Fact]
    public void A_vector_times_a_matrix_of_rows_needs_no_parts_where_they_fill_the_device()
    {
        MatMulPlan.Choose(1, 4096, 4096, 1, 132, dots: true).Should().Be(new MatMulPlan(0, 1));
        MatMulPlan.Choose(1, 64, 4096, 1, 132, dots: true).Splits.Should().Be(32);
    }

    [Fact]
    public void Tensor_cores_are_for_large_products_that_ask_for_them()
    {
        foreach (var precision in new[] { MatMulPrecision.Tf32x3, MatMulPrecision.Tf32 })
        {
            MatMulPlan.Choose(4096, 4096, 4096, 1, 132, precision).Should().Be(new MatMulPlan(128, 1, precision));
            MatMulPlan.Choose(16, 16, 64, 1, 132, precision).Precision.Should().Be(MatMulPrecision.Float32);
            MatMulPlan.Choose(3, 4096, 4096, 1, 132, precision).IsThin.Should().BeTrue();
        }

        MatMulPlan.Choose(4096, 4096, 4096, 1, 132).Precision.Should().Be(MatMulPrecision.Float32);
    }

    [Fact]
    public void Parts_of_a_sum_cover_it()
    {
        foreach (var k in new[] { 0, 1, 7, 8, 129, 1000 })
        {
            foreach (var splits in new[] { 1, 2, 3, 8 })
                (new MatMulPlan(32, splits).PartK(k) * splits).Should().BeGreaterThanOrEqualTo(k);
        }
    }

    // The shortest loop that has an instruction the given number of times: from its label to the last jump back to it.
    private static string Loop(string ptx, string instruction, int count)
    {
        var loops = Label().Matches(ptx).Select(label => (label.Index, Back: ptx.LastIndexOf($"bra.uni\t{label.Groups[1].Value};",
            StringComparison.Ordinal)));
        return loops.Where(l => l.Back > l.Index).Select(l => ptx[l.Index..l.Back])
            .Where(l => Regex.Count(l, instruction) >= count).MinBy(l => l.Length)
            ?? throw new InvalidOperationException($"No loop has {count} of {instruction}.");
    }

    [GeneratedRegex(@"^\s*(L_\d+):", RegexOptions.Multiline)]
    private static partial Regex Label();
}
