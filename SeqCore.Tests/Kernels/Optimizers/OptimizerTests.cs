using SeqCore.Kernels;
using SeqCore.Kernels.Optimizers;
using SeqCore.Tests.Kernels.Rows;
using static SeqCore.Tests.Kernels.Rows.Numbers;

namespace SeqCore.Tests.Kernels.Optimizers;

public unsafe class OptimizerTests
{
    private static readonly AdamStep AdamW = new(1e-2f, 0.9f, 0.98f, 1e-6f, 0.1f, true, 4, 0.5f);
    private static readonly SgdStep Nesterov = new(1e-2f, 0.9f, 0f, 0.1f, true, false, 0.5f);
    private static readonly RmsPropStep RmsProp = new(1e-2f, 0.9f, 1e-6f, 0.1f, 0.7f, 0.5f);

    public static TheoryData<int> AllWidths => new(Widths);

    [Theory, MemberData(nameof(AllWidths))]
    public void Adam_matches_its_definition(int width) => Check(width, new AdamUpdate(AdamW), (b, s) => b.Adam([s], AdamW),
        (w, g, m, v) => Definition.Adam(AdamW, w, g, m, v));

    [Theory, MemberData(nameof(AllWidths))]
    public void Sgd_matches_its_definition(int width) => Check(width, new SgdUpdate(Nesterov), (b, s) => b.Sgd([s], Nesterov),
        (w, g, m, v) =>
        {
            var (next, buffer) = Definition.Sgd(Nesterov, w, g, m);
            return (next, buffer, v);
        });

    [Theory, MemberData(nameof(AllWidths))]
    public void RmsProp_matches_its_definition(int width) =>
        Check(width, new RmsPropUpdate(RmsProp), (b, s) => b.RmsProp([s], RmsProp),
            (w, g, m, v) => Definition.RmsProp(RmsProp, w, g, m, v));

    [Fact]
    public void Many_tensors_at_once_give_the_bits_of_one_at_a_time_whatever_the_threads()
    {
        int[] lengths = [0, 1, 16384, 0, 0, 16385, 40_000, 3, 0, .. Enumerable.Repeat(100, 400), 0, 16383, 1, 1, 16384, 5, 0];
        int[]? first = null;
        foreach (var threads in (int[])[1, 2, 3])
        {
            using var arena = new Arena(threads);
            var slots = lengths.Select(n => Slot(arena, n)).ToArray();
            if (first is null)
            {
                foreach (var slot in slots)
                    arena.Backend.Adam([slot], AdamW);
            }
            else
                arena.Backend.Adam(slots, AdamW);
            int[] bits = [.. slots.SelectMany(s => Bits(s.Value).Concat(Bits(s.First)).Concat(Bits(s.Second)))];
            first ??= bits;
            bits.AsSpan().SequenceEqual(first).Should().BeTrue();
        }
    }

    [Fact]
    public void First_step_of_momentum_does_not_read_the_buffer()
    {
        using var arena = new Arena();
        var slot = new OptimizerSlot(arena.Put(1f), arena.Put(2f), arena.Output(1), default);
        arena.Backend.Sgd([slot], new SgdStep(0.5f, 0.9f, 0.5f, 0f, false, true));
        slot.Value.AsHostSpan()[0].Should().Be(0f);
        slot.First.AsHostSpan()[0].Should().Be(2f);
    }

    [Fact]
    public void A_step_allocates_nothing_that_grows_with_the_tensors()
    {
        using var arena = new Arena();
        OptimizerSlot small = Slot(arena, 10), large = Slot(arena, 100_000);
        Measure(small).Should().Be(Measure(large));

        long Measure(OptimizerSlot slot)
        {
            arena.Backend.Adam([slot], AdamW);
            return Garbage.Of(() => arena.Backend.Adam([slot], AdamW));
        }
    }

    [Fact]
    public void A_gradient_of_another_length_is_named()
    {
        using var arena = new Arena();
        var act = () => arena.Backend.Adam([Slot(arena, 2), Slot(arena, 3) with { Gradient = arena.Put(1f, 2f) }], AdamW);
        act.Should().Throw<ArgumentException>()
            .WithMessage("Adam: the gradient of slot 1 should hold (1, 3) = 3 elements; got 2.");
    }

    [Fact]
    public void Nesterov_without_momentum_and_a_step_0_are_refused()
    {
        using var arena = new Arena();
        var sgd = () => arena.Backend.Sgd([], new SgdStep(0.1f, 0f, 0f, 0f, true, true));
        var adam = () => arena.Backend.Adam([], AdamW with { Step = 0 });
        sgd.Should().Throw<ArgumentException>().WithMessage("*Nesterov*");
        adam.Should().Throw<ArgumentOutOfRangeException>();
    }

    private static void Check<TUpdate>(int width, TUpdate update, Action<Backend, OptimizerSlot> step,
        Func<double, double, double, double, (double, double, double)> definition) where TUpdate : struct, IOptimizerUpdate
    {
        foreach (var length in AwkwardLengths)
        {
            using var arena = new Arena(2);
            var slot = Slot(arena, length);
            float[][] before = [slot.Value.AsHostSpan().ToArray(), slot.Gradient.AsHostSpan().ToArray(),
                slot.First.AsHostSpan().ToArray(), slot.Second.AsHostSpan().ToArray()];
            if (width == 0)
                step(arena.Backend, slot);
            else
            {
                Run(width, new OptimizerKernel<TUpdate>(update, new TensorChunk
                {
                    Length = length,
                    Value = slot.Value.Pointer(),
                    Gradient = slot.Gradient.Pointer(),
                    First = slot.First.Pointer(),
                    Second = slot.Second.Pointer(),
                }));
            }

            var expected = Enumerable.Range(0, length)
                .Select(i => definition(before[0][i], before[1][i], before[2][i], before[3][i])).ToArray();
            ShouldBeNear(slot.Value.AsHostSpan(), [.. expected.Select(e => e.Item1)], 1e-6, 1e-6, "parameter");
            ShouldBeNear(slot.First.AsHostSpan(), [.. expected.Select(e => e.Item2)], 1e-6, 1e-6, "first moment");
            ShouldBeNear(slot.Second.AsHostSpan(), [.. expected.Select(e => e.Item3)], 1e-6, 1e-6, "second moment");
            slot.Gradient.AsHostSpan().ToArray().Should().Equal(before[1], "the gradient is only read");
        }
    }

    private static OptimizerSlot Slot(Arena arena, int length) => new(arena.Put(Normal(length, length)),
        arena.Put(Normal(length, 2)), arena.Put(Normal(length, 3)), arena.Put(Array.ConvertAll(Normal(length, 4), MathF.Abs)));
}
