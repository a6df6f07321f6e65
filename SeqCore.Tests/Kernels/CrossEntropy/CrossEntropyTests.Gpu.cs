using SeqCore.Kernels;
using SeqCore.Kernels.CrossEntropy;
using SeqCore.Tests.Kernels.Gpu;
using SeqCore.Tests.Kernels.Rows;

namespace SeqCore.Tests.Kernels.CrossEntropy;

/// <summary>
/// Tolerances: as for log-softmax, a few roundings of logits of at most about 12; gradients are differences of numbers up to 2.
/// </summary>
[Collection(GpuCollection.Name)]
public class CrossEntropyGpuTests
{
    private const int Rows = 5;

    [Theory]
    [InlineData(19, 0f)]
    [InlineData(16, 0f)]
    [InlineData(16, 0.1f)]
    public void Devices_agree(int margin, float smoothing)
    {
        using var pair = new DevicePair(margin);
        foreach (var classes in (int[])[.. Numbers.AwkwardLengths, 5000, 8192])
            Check(pair, classes, smoothing);
    }

    [Fact]
    public void Devices_agree_on_a_large_vocabulary()
    {
        using var pair = new DevicePair();
        Check(pair, 50_257, 0.1f);
    }

    [Fact]
    public void Rows_that_are_ignored_or_not_finite_agree()
    {
        using var pair = new DevicePair();
        var logits = new float[4 * 8];
        (logits[1], logits[9], logits[17]) = (float.NaN, float.NaN, float.PositiveInfinity);
        Array.Fill(logits, float.NegativeInfinity, 24, 8);
        DevicePair.Operand x = pair.Put(logits), losses = pair.Output(4), dX = pair.Output(32);
        var targets = pair.PutIndices(-100, 2, 3, 4);
        pair.Run((backend, at) => backend.CrossEntropyWithGradient(new()
        {
            Logits = at[x], Targets = at[targets], Losses = at[losses], DLogits = at[dX], Rows = 4, Classes = 8,
        }));
        pair.ShouldAgree(losses, 0, 0);
        pair.ShouldAgree(dX, 0, 0);
    }

    [Fact]
    public void Rows_of_a_class_of_weight_0_give_0_whatever_their_logits()
    {
        using var pair = new DevicePair();
        DevicePair.Operand x = pair.Put(1f, float.NaN, 1f, 2f), classes = pair.Put(0f, 2f), mean = pair.Put(1f),
            scales = pair.Put(1f, 1f), losses = pair.Output(2), logSumExp = pair.Output(2), dX = pair.Output(4);
        var targets = pair.PutIndices(0, 1);
        pair.Run((backend, at) => backend.CrossEntropyWithGradient(new()
        {
            Logits = at[x], Targets = at[targets], Weights = new(default, at[classes], at[mean]),
            Losses = at[losses], DLogits = at[dX], Rows = 2, Classes = 2,
        }));
        CheckFirstRow();
        pair.Run((backend, at) =>
        {
            var weights = new CrossEntropyWeights(default, at[classes], at[mean]);
            backend.CrossEntropy(new()
            {
                Logits = at[x], Targets = at[targets], Weights = weights, Losses = at[losses],
                LogSumExp = at[logSumExp], Rows = 2, Classes = 2,
            });
            backend.CrossEntropyGradient(new()
            {
                Logits = at[x], Targets = at[targets], Weights = weights, LogSumExp = at[logSumExp],
                Scales = at[scales], DLogits = at[dX], Rows = 2, Classes = 2,
            });
        });
        CheckFirstRow();

        void CheckFirstRow()
        {
            pair.Read(losses)[0].Should().Be(0f);
            pair.Read(dX).Take(2).Should().Equal(0f, 0f);
            pair.ShouldAgree(losses, 1e-6, 0);
            pair.ShouldAgree(dX, 1e-6, 1e-7);
        }
    }

    [Fact]
    public void Rows_of_weight_or_scale_0_give_0_whatever_their_logits()
    {
        using var pair = new DevicePair();
        DevicePair.Operand x = pair.Put(1f, float.NaN, 1f, float.PositiveInfinity, 1f, 2f), weights = pair.Put(0f, 2f, 1f),
            scales = pair.Put(1f, 0f, 1f), losses = pair.Output(3), logSumExp = pair.Output(3), dX = pair.Output(6);
        var targets = pair.PutIndices(0, 1, 1);
        pair.Run((backend, at) => backend.CrossEntropyWithGradient(new()
        {
            Logits = at[x], Targets = at[targets], Weights = at[weights], Losses = at[losses], DLogits = at[dX],
            Rows = 3, Classes = 2,
        }));
        pair.Read(losses)[0].Should().Be(0f);
        pair.Read(dX).Take(2).Should().Equal(0f, 0f);
        pair.ShouldAgree(losses, 1e-6, 0);
        pair.ShouldAgree(dX, 1e-6, 0);
        pair.Run((backend, at) =>
        {
            backend.CrossEntropy(new()
            {
                Logits = at[x], Targets = at[targets], Weights = at[weights], Losses = at[losses],
                LogSumExp = at[logSumExp], Rows = 3, Classes = 2,
            });
            backend.CrossEntropyGradient(new()
            {
                Logits = at[x], Targets = at[targets], Weights = at[weights], LogSumExp = at[logSumExp],
                Scales = at[scales], DLogits = at[dX], Rows = 3, Classes = 2,
            });
        });
        pair.Read(dX).Take(4).Should().Equal(0f, 0f, 0f, 0f);
        pair.ShouldAgree(losses, 1e-6, 0);
        pair.ShouldAgree(dX, 1e-6, 1e-7);
    }

    [Fact]
    public void Without_a_class_rows_may_only_be_ignored()
    {
        using var pair = new DevicePair();
        var (none, losses, lse) = (pair.Put(), pair.Output(2), pair.Output(2));
        var targets = pair.PutIndices(-100, -100);
        pair.Run((backend, at) => backend.CrossEntropy(new()
        {
            Logits = at[none], Targets = at[targets], Losses = at[losses], LogSumExp = at[lse], Rows = 2,
            Classes = 0,
        }));
        pair.ShouldAgree(losses, 0, 0);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(-1)]
    public void A_target_out_of_range_is_named_when_a_value_is_read(int bad)
    {
        using var pair = new DevicePair();
        DevicePair.Operand x = pair.Put(new float[24]), losses = pair.Output(3), dX = pair.Output(24);
        var targets = pair.PutIndices(0, bad, 7);
        pair.Gpu.CrossEntropyWithGradient(new()
        {
            Logits = x.OnGpu, Targets = targets.OnGpu, Losses = losses.OnGpu, DLogits = dX.OnGpu, Rows = 3,
            Classes = 8,
        });
        var act = () => pair.Read(losses);
        act.Should().Throw<ArgumentException>().WithMessage(
            $"CrossEntropy: the target of row 1 is {bad}; expected a class in [0, 8) or the ignored index -100.");
    }

    [Fact]
    public void Wrong_arguments_have_the_CPUs_messages()
    {
        using var pair = new DevicePair();
        var (x, losses) = (pair.Put(new float[24]), pair.Output(3));
        var targets = pair.PutIndices(0, 1, 2);
        var messages = new List<string>();
        pair.Run((backend, at) =>
        {
            messages.Add(Assert.Throws<ArgumentException>(() => backend.CrossEntropy(new()
            {
                Logits = at[x], Targets = at[targets], Losses = at[losses], LogSumExp = at[losses], Rows = 3,
                Classes = 9,
            })).Message);
            messages.Add(Assert.Throws<ArgumentException>(() => backend.CrossEntropy(new()
            {
                Logits = at[x], Targets = at[targets], Losses = at[losses], LogSumExp = at[losses], Rows = 3,
                Classes = 8, Options = new(LabelSmoothing: 1f),
            })).Message);
        });
        messages[2..].Should().Equal(messages[..2]);
    }

    [Theory]
    [InlineData(65)]
    [InlineData(8192)]
    public void The_gradient_may_replace_the_logits_and_two_runs_give_the_same_bits(int classes)
    {
        using var pair = new DevicePair(16);
        var values = Numbers.Normal(3 * classes, 1, 3f);
        DevicePair.Operand x = pair.Put(values), losses = pair.Output(3), dX = pair.Output(3 * classes);
        var targets = pair.PutIndices(0, 2, classes - 1);
        foreach (var into in (DevicePair.Operand[])[dX, x])
        {
            pair.Gpu.CrossEntropyWithGradient(new()
            {
                Logits = x.OnGpu, Targets = targets.OnGpu, Losses = losses.OnGpu, DLogits = into.OnGpu, Rows = 3,
                Classes = classes, Options = new(LabelSmoothing: 0.1f),
            });
        }

        pair.Read(x).Should().Equal(pair.Read(dX));
    }

    [Fact]
    public void Kernels_load_vectors_and_keep_rows_in_registers()
    {
        foreach (var kernel in (Type[])[typeof(Float4Kernel<CrossEntropyGpuKernel, AlignedFloat4>),
            typeof(Float4Kernel<CrossEntropyGradientGpuKernel, AlignedFloat4>)])
            PtxCompiler.Ptx(kernel).Should().Contain("ld.global.v4.f32").And.Contain("st.global.v4.f32").And.NotContain(".local");
        PtxCompiler.AlignedPtx<CrossEntropyGpuKernel>().Should().Contain("shfl.sync.bfly");
    }

    private static void Check(DevicePair pair, int classes, float smoothing)
    {
        var options = new CrossEntropyOptions(-1, smoothing);
        DevicePair.Operand x = pair.Put(Numbers.Normal(Rows * classes, classes, 3f)), weights = pair.Put(1f, 0.5f, 2f, 0f, 1f);
        var targets = pair.PutIndices([.. Enumerable.Range(0, Rows).Select(r => r == 1 ? -1 : r * 7 % classes)]);
        DevicePair.Operand losses = pair.Output(Rows), lse = pair.Output(Rows), scales = pair.Put(0.7f),
            dX = pair.Output(Rows * classes), absent = null!;
        float[] ofClasses = [.. Enumerable.Range(0, classes).Select(k => (k + 3) % 5 / 2f)];
        DevicePair.Operand classWeights = pair.Put(ofClasses), mean = pair.Put(ofClasses.Average());
        foreach (var (tokens, ofClass) in (ReadOnlySpan<(DevicePair.Operand, DevicePair.Operand)>)
            [(weights, absent), (absent, absent), (weights, classWeights), (absent, classWeights)])
        {
            CrossEntropyWeights Weights(DevicePair.Finder at) => ofClass == absent
                ? new(at[tokens])
                : new(at[tokens], at[ofClass], at[mean]);
            pair.Run((backend, at) => backend.CrossEntropy(new()
            {
                Logits = at[x], Targets = at[targets], Weights = Weights(at), Losses = at[losses],
                LogSumExp = at[lse], Rows = Rows, Classes = classes, Options = options,
            }));
            pair.ShouldAgree(losses, 1e-6, 4e-6, $"losses of {classes} classes");
            pair.ShouldAgree(lse, 1e-6, 1e-6, $"log-sum-exp of {classes} classes");
            pair.Run((backend, at) => backend.CrossEntropyGradient(new()
            {
                Logits = at[x], Targets = at[targets], Weights = Weights(at), LogSumExp = at[lse],
                Scales = at[scales], DLogits = at[dX], Rows = Rows, Classes = classes, Options = options,
            }));
            pair.ShouldAgree(dX, 4e-6, 2e-7, $"gradient of {classes} classes");
            pair.Run((backend, at) => backend.CrossEntropyWithGradient(new()
            {
                Logits = at[x], Targets = at[targets], Weights = Weights(at), Losses = at[losses], DLogits = at[dX],
                Scales = at[scales], Rows = Rows, Classes = classes, Options = options,
            }));
            pair.ShouldAgree(losses, 1e-6, 4e-6, $"losses of {classes} classes, with gradient");
            pair.ShouldAgree(dX, 4e-6, 2e-7, $"gradient of {classes} classes, with losses");
        }
    }
}
