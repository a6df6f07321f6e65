using SeqCore.Kernels;
using SeqCore.Models;
using SeqCore.Tests.Kernels.Gpu;

namespace SeqCore.Tests.Models.Optimizers;

/// <summary>Sparse gradients on a GPU: the same rows as on the CPU, and the same values but for the order of sums.</summary>
[Collection(GpuCollection.Name)]
public sealed class SparseOptimizerGpuTests
{
    private static readonly Dictionary<string, Func<Parameter, Optimizer>> Rules = new()
    {
        ["adamw"] = p => new AdamW([p], 0.1f, weightDecay: 0.3f),
        ["sgd"] = p => new Sgd([p], 0.1f, 0.9f),
        ["rmsprop"] = p => new RmsProp([p], 0.1f),
    };

    public static TheoryData<string, int> Cases => new(Rules.Keys.SelectMany(_ => (int[])[8, 5], (rule, width) => (rule, width)));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Devices_agree_over_steps_of_two_lookups(string rule, int width)
    {
        var (values, rows) = Train(TestGpu.Backend);
        using var cpu = new CpuBackend(1);
        var (expectedValues, expectedRows) = Train(cpu);
        rows.Should().Equal(expectedRows);
        values.ShouldBeCloseTo(expectedValues, 1e-4f, "weights");

        (float[] Values, int[] Rows) Train(Backend backend)
        {
            using var table = new Embedding(40, width, new RandomGenerator(1), paddingIndex: 2, sparseGradient: true).To(backend);
            using var optimizer = Rules[rule](table.Weight);
            var listed = new List<int>();
            for (var t = 0; t < 3; t++)
            {
                using (var tape = new Tape())
                {
                    using var first = IndexTensor.FromArray([5 + t, 3, 2, 5 + t, 39], backend);
                    using var second = IndexTensor.FromArray([2, 4, 3, 20], backend);
                    Variable y = table.Forward(first), z = table.Forward(second);
                    tape.Backward((y * y).Sum() + z.Sum());
                    listed.AddRange(table.Weight.GradientRows!);
                    using var clipped = GradientClip.ByGlobalNorm(table.Parameters(), 5f);
                    listed.AddRange(table.Weight.GradientRows!);
                    optimizer.StepClipped(1f);
                }

                optimizer.ZeroGradients();
            }

            using (var tape = new Tape())
                tape.Backward(table.Weight.Embedding(IndexTensor.FromArray([1], backend), null, sparseGradient: true).Sum());
            table.Weight.Gradient!.ToArray().Where((_, i) => i / width != 1).Should().OnlyContain(g => g == 0f);
            return (table.Weight.Value.ToArray(), [.. listed]);
        }
    }

    [Fact]
    public void A_backward_pass_waits_once_for_each_lookup_and_the_rest_of_a_step_does_not()
    {
        var gpu = TestGpu.Backend;
        using var table = new Embedding(40, 4, new RandomGenerator(1), sparseGradient: true).To(gpu);
        using var optimizer = new AdamW(table.Parameters());
        using var tokens = IndexTensor.FromArray([7, 3, 3], gpu);
        for (var t = 0; t < 2; t++)
        {
            var before = gpu.Waits;
            using (var tape = new Tape())
            {
                tape.Backward(table.Forward(tokens).Sum());
                gpu.Waits.Should().Be(before + 1);
                optimizer.StepClipped(1f);
            }

            optimizer.ZeroGradients();
            gpu.Waits.Should().Be(before + 1);
        }
    }

    [Fact]
    public void An_index_out_of_range_is_reported_by_the_backward_pass()
    {
        using var table = new Embedding(4, 4, new RandomGenerator(1), sparseGradient: true).To(TestGpu.Backend);
        using var tokens = IndexTensor.FromArray([1, 4], TestGpu.Backend);
        using var tape = new Tape();
        var y = table.Forward(tokens).Sum();
        tape.Invoking(t => t.Backward(y)).Should().Throw<ArgumentException>()
            .WithMessage("Gather: the index at position 1 is 4; expected a row of the table, in [0, 4).");
    }
}
