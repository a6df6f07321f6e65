using SeqCore.Models;

namespace SeqCore.Tests.Models.Training;

/// <summary>What an error says about a loss that is not finite.</summary>
public sealed class DivergenceTests
{
    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    public void A_number_of_the_batch_is_named(float value, string name) =>
        Training([1f, value], x => x).Should().Throw<TrainingDivergedException>().WithMessage("Training diverged: the loss of"
            + $" step 1 is *. The batch holds {name} in item 1. Hint: remove it*; the learning rate is not the cause.");

    [Fact]
    public void Numbers_in_tuples_lists_and_tensors_are_found()
    {
        NotFinite.In((1f, new[] { 2.0, double.NegativeInfinity })).Should().Be("-Infinity in item 1 in item 1");
        NotFinite.In(new List<(float, int)> { (1f, 0), (float.NaN, 1) }).Should().Be("NaN in item 0 in item 1");
        NotFinite.In(Tensor.FromArray([1f, float.NaN])).Should().Be("NaN or infinity in a tensor of shape (2,)");
        NotFinite.In((new Variable(Tensor.Ones([2])), "NaN", 3, (object?)null)).Should().BeNull();
        NotFinite.In(new PaddedBatch([[1, 2]])).Should().BeNull();
    }

    [Fact]
    public void A_loss_that_is_NaN_at_the_first_step_is_not_blamed_on_the_learning_rate() =>
        Training([1f, 2f], x => x / 0f * 0f).Should().Throw<TrainingDivergedException>().WithMessage("Training diverged: the loss"
            + " of step 1 is NaN. No weight has changed yet, so the learning rate is not the cause. Hint: look for NaN or"
            + " infinity in the data*DetectAnomalies*");

    [Fact]
    public void Later_the_learning_rate_may_be_the_cause()
    {
        var step = 0;
        Training([1f, 2f], x => ++step < 3 ? x : x * float.NaN).Should().Throw<TrainingDivergedException>()
            .WithMessage("*of step 3 is NaN. Hint: lower the learning rate, *look for NaN or infinity in the data, *");
    }

    [Fact]
    public void Weights_that_were_not_finite_before_are_named() =>
        Training([1f, 2f], x => x, layer => layer.Weight.Value.FillInPlace(float.NaN)).Should().Throw<TrainingDivergedException>()
            .WithMessage("*step 1 is NaN. The parameter 'weight' held NaN or infinity before it. Hint: look where the initial*");

    private static Action Training(float[] numbers, Func<Variable, Variable> change, Action<Linear>? prepare = null) => () =>
    {
        using var layer = new Linear(2, 1, new RandomGenerator(1));
        prepare?.Invoke(layer);
        var batches = new ShuffledBatches<float>(numbers, batchSize: 2, seed: 1, _ => 1);
        using var task = TrainingTask.Of(layer, batches,
            x => change(layer.Forward(Tensor.FromSpan([.. x.Order()], [1, 2]))).Square().Sum(), _ => 0);
        using var optimizer = new Sgd(layer.Parameters(), 0.001f);
        new Trainer(task, optimizer, new TrainerOptions { Steps = 5 }).Run();
    };
}
