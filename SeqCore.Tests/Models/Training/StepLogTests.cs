using SeqCore.Kernels;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Training;

public sealed class StepLogTests
{
    [Fact]
    public void Losses_of_a_step_are_averaged_and_rows_are_read_together()
    {
        using var log = new StepLog(Backend.Default, 2, 1f);
        Parameter[] parameters = [With(3f, 4f)];
        var steps = new List<StepValues>();
        for (var i = 1; i <= 40; i++)
        {
            steps.Add(log.Begin(i));
            log.PutLoss(0, Tensor.Scalar(i));
            log.PutLoss(1, Tensor.Full([1, 1], i + 2f));
            log.Clip(parameters);
            if (log.IsFull)
                log.Read();
        }

        steps[31].IsKnown.Should().BeTrue();
        steps[32].IsKnown.Should().BeFalse();
        steps.Select(s => s.Loss).Should().Equal(Enumerable.Range(1, 40).Select(i => i + 1.0));
        steps.Should().OnlyContain(s => s.IsKnown && s.GradientNorm == 5 && s.Failure == null);
    }

    [Fact]
    public void After_a_step_that_failed_no_factor_is_a_number()
    {
        using var log = new StepLog(Backend.Default, 1, 1f);
        Parameter[] sound = [With(3f, 4f)], broken = [With(float.PositiveInfinity, 4f)];
        var steps = new List<StepValues>();
        for (var i = 1; i <= 20; i++)
        {
            steps.Add(log.Begin(i));
            log.PutLoss(0, Tensor.Scalar(i));
            log.Clip(i == 5 ? broken : sound);
            float.IsNaN(FactorOf(log)).Should().Be(i >= 5, $"step {i}");
            if (log.IsFull)
                log.Read();
        }

        steps[3].Failure.Should().BeNull();
        steps[4].Failure.Should().Be(("gradient's norm", double.PositiveInfinity));
    }

    [Fact]
    public void Without_clipping_a_loss_that_is_not_finite_stops_the_step()
    {
        using var log = new StepLog(Backend.Default, 2, null);
        var step = log.Begin(1);
        log.PutLoss(0, Tensor.Scalar(1f));
        log.PutLoss(1, Tensor.Scalar(float.NaN));
        log.Clip([With(3f, 4f)]);
        FactorOf(log).Should().Be(float.NaN);
        step.Failure.Should().Be(("loss", double.NaN));
        step.GradientNorm.Should().BeNull();
    }

    private static float FactorOf(StepLog log)
    {
        var factor = new float[1];
        Backend.Default.Download(log.Factor.Span, factor);
        return factor[0];
    }

    private static Parameter With(params float[] gradient)
    {
        var parameter = new Parameter(Tensor.Full([gradient.Length], 1f));
        Optimizers.Gradients.Set(parameter, gradient);
        return parameter;
    }
}
