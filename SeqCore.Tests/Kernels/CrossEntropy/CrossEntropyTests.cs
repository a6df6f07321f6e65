using SeqCore.Kernels;
using SeqCore.Kernels.CrossEntropy;
using SeqCore.Tests.Kernels.Rows;
using static SeqCore.Tests.Kernels.Rows.Numbers;

namespace SeqCore.Tests.Kernels.CrossEntropy;

public unsafe class CrossEntropyTests
{
    private const int Rows = 5;
    private const float Scale = 0.7f;

    public static TheoryData<int, float, bool> WidthsAndSmoothings => new(
        from width in Widths
        from smoothing in (float[])[0f, 0.1f]
        from weighted in (bool[])[false, true]
        select (width, smoothing, weighted));

    [Theory, MemberData(nameof(WidthsAndSmoothings))]
    public void All_three_variants_match_the_definition(int width, float smoothing, bool weighted)
    {
        foreach (var classes in AwkwardLengths)
        {
            using var arena = new Arena(2);
            var options = new CrossEntropyOptions(-1, smoothing);
            float[] x = Normal(Rows * classes, classes, 3f), w = [1f, 0.5f, 2f, 0f, 1f];
            var targets = Enumerable.Range(0, Rows).Select(r => r == 1 ? -1 : r * 7 % classes).ToArray();
            DeviceSpan<float> logits = arena.Put(x), scales = arena.Put(Scale);
            float[]? classWeights = weighted ? ClassWeights(classes) : null;
            var weights = classWeights is null ? new CrossEntropyWeights(arena.Put(w))
                : new(arena.Put(w), arena.Put(classWeights), arena.Put(classWeights.Average()));
            var indices = arena.PutIndices(targets);
            DeviceSpan<float> losses = arena.Output(Rows), lse = arena.Output(Rows), dX = arena.Output(x.Length);
            DeviceSpan<float> losses2 = arena.Output(Rows), dX2 = arena.Output(x.Length);
            if (width == 0)
            {
                arena.Backend.CrossEntropy(new()
                {
                    Logits = logits, Targets = indices, Weights = weights, Losses = losses, LogSumExp = lse,
                    Rows = Rows, Classes = classes, Options = options,
                });
                arena.Backend.CrossEntropyGradient(new()
                {
                    Logits = logits, Targets = indices, Weights = weights, LogSumExp = lse, Scales = scales,
                    DLogits = dX, Rows = Rows, Classes = classes, Options = options,
                });
                arena.Backend.CrossEntropyWithGradient(new()
                {
                    Logits = logits, Targets = indices, Weights = weights, Losses = losses2, DLogits = dX2,
                    Scales = scales, Rows = Rows, Classes = classes, Options = options,
                });
            }
            else
            {
                var kernel = new CrossEntropyKernel
                {
                    Logits = logits.Pointer(),
                    Targets = indices.Pointer(),
                    Weights = weights.Tokens.Pointer(),
                    ClassWeights = weights.Classes.Pointer(),
                    MeanWeight = classWeights?.Average() ?? 1f,
                    Losses = losses.Pointer(),
                    LogSumExp = lse.Pointer(),
                    Scales = scales.Pointer(),
                    Scale = Scale,
                    Classes = classes,
                    EndRow = Rows,
                    Options = options,
                };
                Run(width, kernel with { Kind = CrossEntropyKind.Forward });
                Run(width, kernel with { Kind = CrossEntropyKind.Gradient, DLogits = dX.Pointer() });
                Run(width, kernel with
                {
                    Kind = CrossEntropyKind.Both,
                    Losses = losses2.Pointer(),
                    DLogits = dX2.Pointer(),
                    LogSumExp = null,
                });
            }

            for (var r = 0; r < Rows; r++)
            {
                var row = ToDouble(x[(r * classes)..((r + 1) * classes)]);
                var (loss, dRow) = Definition.CrossEntropy(row, targets[r], options, w[r],
                    classWeights is null ? null : ToDouble(classWeights));
                var gradient = Array.ConvertAll(dRow, v => Scale * v);
                ShouldBeNear(losses.AsHostSpan().Slice(r, 1), [loss], 3e-6, 1e-6, $"loss {r}, {classes} classes");
                ShouldBeNear(losses2.AsHostSpan().Slice(r, 1), [loss], 3e-6, 1e-6, $"loss {r}, {classes} classes, with gradient");
                ShouldBeNear(lse.AsHostSpan().Slice(r, 1), [Definition.Reduce(ReductionKind.LogSumExp, row)], 1e-6, 1e-6,
                    "log-sum-exp");
                ShouldBeNear(dX.AsHostSpan().Slice(r * classes, classes), gradient, 3e-6, 3e-7, $"gradient, {classes} classes");
                ShouldBeNear(dX2.AsHostSpan().Slice(r * classes, classes), gradient, 3e-6, 3e-7,
                    $"fused gradient, {classes} classes");
            }
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.2f)]
    public void Gradient_matches_finite_differences(float smoothing)
    {
        const int Classes = 9, Target = 4;
        var x = Normal(Classes, 3);
        var options = new CrossEntropyOptions(LabelSmoothing: smoothing);
        var expected = Differences(ToDouble(x), p => Scale * Definition.CrossEntropy(p, Target, options).Loss);

        using var arena = new Arena();
        var dX = arena.Output(Classes);
        arena.Backend.CrossEntropyWithGradient(new()
        {
            Logits = arena.Put(x), Targets = arena.PutIndices(Target), Losses = arena.Output(1), DLogits = dX,
            Scales = arena.Put(Scale), Rows = 1, Classes = Classes, Options = options,
        });
        ShouldBeNear(dX.AsHostSpan(), expected, 1e-5, 1e-6, "dX");
    }

    /// <summary>The numbers are PyTorch's, from Goldens/row_kernels.py.</summary>
    [Theory]
    [InlineData(0f, new[] { 5.45500755f, 1.14396715f, 0f, 2.89396715f }, new[]
    {
        -0.995725155f, 0.0246000253f, 0.141563386f, 0.814640999f, 0.0149206733f, 0.0912669003f, 0.525204659f, 0.00961945951f,
        0.055356171f, -0.681447268f, 0f, 0f, 0f, 0f, 0f, 0.0912669003f, 0.525204659f, 0.00961945951f, -0.944643855f, 0.318552762f,
    })]
    [InlineData(0.1f, new[] { 5.22000742f, 1.26396716f, 0f, 2.83896708f }, new[]
    {
        -0.915725112f, 0.00460002292f, 0.121563368f, 0.794640899f, -0.00507932808f, 0.071266897f, 0.505204618f, -0.010380541f,
        0.0353561677f, -0.601447225f, 0f, 0f, 0f, 0f, 0f, 0.071266897f, 0.505204618f, -0.010380541f, -0.864643812f, 0.298552752f,
    })]
    public void Losses_and_gradients_are_those_of_PyTorch(float smoothing, float[] losses, float[] gradient)
    {
        using var arena = new Arena();
        DeviceSpan<float> l = arena.Output(4), dX = arena.Output(20);
        arena.Backend.CrossEntropyWithGradient(new()
        {
            Logits = arena.Put(Fractions.Of(20, 7, 23, 4)), Targets = arena.PutIndices(0, 4, 2, 3), Losses = l,
            DLogits = dX, Rows = 4, Classes = 5, Options = new CrossEntropyOptions(2, smoothing),
        });
        ShouldBeNear(l.AsHostSpan(), ToDouble(losses), 1e-6, 0, "losses");
        ShouldBeNear(dX.AsHostSpan(), ToDouble(gradient), 1e-6, 2e-7, "gradient");
    }

    [Fact]
    public void Gradients_may_overwrite_the_logits_and_rows_may_have_scales_of_their_own()
    {
        const int Classes = 50;
        using var arena = new Arena();
        var options = new CrossEntropyOptions(LabelSmoothing: 0.1f);
        var x = Normal(2 * Classes, 8);
        DeviceSpan<float> logits = arena.Put(x), fused = arena.Put(x), dX = arena.Output(x.Length), lse = arena.Output(2),
            losses = arena.Output(2);
        var targets = arena.PutIndices(3, 49);
        arena.Backend.CrossEntropy(new()
        {
            Logits = logits, Targets = targets, Losses = losses, LogSumExp = lse, Rows = 2, Classes = Classes,
            Options = options,
        });
        arena.Backend.CrossEntropyGradient(new()
        {
            Logits = logits, Targets = targets, LogSumExp = lse, Scales = arena.Put(2f, -3f), DLogits = dX, Rows = 2,
            Classes = Classes, Options = options,
        });
        arena.Backend.CrossEntropyGradient(new()
        {
            Logits = logits, Targets = targets, LogSumExp = lse, Scales = arena.Put(1f), DLogits = logits, Rows = 2,
            Classes = Classes, Options = options,
        });
        arena.Backend.CrossEntropyWithGradient(new()
        {
            Logits = fused, Targets = targets, Losses = losses, DLogits = fused, Rows = 2, Classes = Classes,
            Options = options,
        });
        var unit = ToDouble(logits.AsHostSpan().ToArray());
        ShouldBeNear(fused.AsHostSpan(), unit, 3e-6, 1e-7, "fused in place");
        ShouldBeNear(dX.AsHostSpan(), [.. unit.Select((v, i) => v * (i < Classes ? 2 : -3))], 1e-5, 1e-6, "scaled by row");
    }

    [Fact]
    public void Huge_logits_keep_their_loss()
    {
        using var arena = new Arena();
        var losses = arena.Output(2);
        arena.Backend.CrossEntropy(new()
        {
            Logits = arena.Put(3e38f, -3e38f, 1e6f, 1e6f), Targets = arena.PutIndices(0, 1), Losses = losses,
            LogSumExp = arena.Output(2), Rows = 2, Classes = 2,
        });
        losses.AsHostSpan().ToArray().Should().Equal(0f, (float)Math.Log(2));
    }

    [Fact]
    public void Long_rows_give_the_same_bits_whatever_the_threads()
    {
        const int Classes = 50_257;
        int[]? first = null;
        foreach (var threads in (int[])[1, 2, 3])
        {
            using var arena = new Arena(threads);
            var x = Normal(4 * Classes, 5);
            DeviceSpan<float> losses = arena.Output(4), dX = arena.Output(x.Length);
            arena.Backend.CrossEntropyWithGradient(new()
            {
                Logits = arena.Put(x), Targets = arena.PutIndices(0, 50_256, -100, 7), Losses = losses, DLogits = dX,
                Scales = arena.Put(0.25f), Rows = 4, Classes = Classes, Options = new CrossEntropyOptions(),
            });
            ShouldBeNear(losses.AsHostSpan()[..1],
                [Definition.CrossEntropy(ToDouble(x[..Classes]), 0, new()).Loss], 1e-6, 0, "loss");
            int[] bits = [.. Bits(losses), .. Bits(dX)];
            first ??= bits;
            bits.AsSpan().SequenceEqual(first).Should().BeTrue();
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-1)]
    public void A_target_out_of_range_is_named_before_anything_is_written(int target)
    {
        using var arena = new Arena();
        DeviceSpan<float> x = arena.Put(new float[10]), losses = arena.Put(7f, 7f), dX = arena.Put(new float[10]);
        var act = () => arena.Backend.CrossEntropyWithGradient(new()
        {
            Logits = x, Targets = arena.PutIndices(0, target), Losses = losses, DLogits = dX, Rows = 2, Classes = 5,
            Options = new(),
        });
        act.Should().Throw<ArgumentException>().WithMessage(
            $"CrossEntropy: the target of row 1 is {target}; expected a class in [0, 5) or the ignored index -100.");
        losses.AsHostSpan().ToArray().Should().Equal(7f, 7f);
        dX.AsHostSpan().ToArray().Should().OnlyContain(v => v == 0f);
    }

    [Fact]
    public void Default_options_ignore_minus_100_and_not_class_0()
    {
        default(CrossEntropyOptions).IgnoreIndex.Should().Be(-100);
        new CrossEntropyOptions().Should().Be(new CrossEntropyOptions(-100, 0f));
        (new CrossEntropyOptions(3) with { IgnoreIndex = int.MaxValue }).IgnoreIndex.Should().Be(int.MaxValue);
    }

    [Fact]
    public void Label_smoothing_out_of_range_is_refused()
    {
        using var arena = new Arena();
        var act = () => arena.Backend.CrossEntropy(new()
        {
            Logits = arena.Put(1f), Targets = arena.PutIndices(0), Losses = arena.Output(1), LogSumExp = arena.Output(1),
            Rows = 1, Classes = 1, Options = new CrossEntropyOptions(LabelSmoothing: 1f),
        });
        act.Should().Throw<ArgumentException>().WithMessage("*label smoothing should be in [0, 1); got 1.");
    }

    [Fact]
    public void The_scale_is_one_over_the_weight_of_the_tokens_that_count()
    {
        using var arena = new Arena();
        DeviceSpan<float> plain = arena.Output(1), weighted = arena.Output(1);
        var targets = arena.PutIndices(3, -1, 0, 2, -1);
        arena.Backend.CrossEntropyScale(targets, default, plain, 5, -1);
        arena.Backend.CrossEntropyScale(targets, arena.Put(0.5f, 9f, 1f, 0.25f, 9f), weighted, 5, -1);
        plain.AsHostSpan()[0].Should().Be(1f / 3);
        weighted.AsHostSpan()[0].Should().Be(1f / 1.75f);
        var both = new CrossEntropyWeights(arena.Put(0.5f, 9f, 1f, 0.25f, 9f), arena.Put(2f, 9f, 4f, 1f));
        arena.Backend.CrossEntropyScale(targets, both, weighted, 5, -1);
        weighted.AsHostSpan()[0].Should().Be(1f / 3.5f);
        var beyond = () => arena.Backend.CrossEntropyScale(targets, new(default, arena.Put(2f, 9f, 4f)), weighted, 5, -1);
        beyond.Should().Throw<ArgumentException>().WithMessage("CrossEntropyScale: the target of row 0 is 3*");
        var act = () => arena.Backend.CrossEntropyScale(targets, arena.Put(0f, 1f, 0f, 0f, 1f), plain, 5, -1);
        act.Should().Throw<ArgumentException>().WithMessage("CrossEntropy: there is no mean*-1*");
    }

    /// <summary>Weights from 0 to 2, the first of them not 0.</summary>
    private static float[] ClassWeights(int classes) => [.. Enumerable.Range(0, classes).Select(k => (k + 3) % 5 / 2f)];
}
