using SeqCore.Models;

namespace SeqCore.Tests.Models.Training;

/// <summary>Parameters of the optimizer that the loss does not depend on.</summary>
public sealed class UnreachedParameterTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();
    private readonly Sequential model;
    private readonly Linear first, second;
    private readonly Sgd optimizer;

    public UnreachedParameterTests()
    {
        var random = new RandomGenerator(1);
        (first, second) = (new Linear(2, 2, random), new Linear(2, 1, random));
        model = new Sequential(first, second);
        optimizer = new Sgd(model.Parameters(), 0.1f);
    }

    public void Dispose()
    {
        model.Dispose();
        optimizer.Dispose();
        temporary.Dispose();
    }

    [Fact]
    public void A_cut_in_the_middle_of_a_model_is_refused_before_any_update()
    {
        var before = second.Weight.Value.ToArray();
        Training(_ => second.Forward(first.Forward(Tensor.Ones([3, 2])).Value)).Invoking(t => t.Run()).Should()
            .Throw<InvalidOperationException>().WithMessage("Trainer.Run: the loss does not depend on 0.weight, 0.bias of"
                + " Sequential, so nothing would train them. Hint: .Value and Detach()*Freeze()*.AllowUnreachedParameters*");
        second.Weight.Value.ToArray().Should().Equal(before);
    }

    [Fact]
    public void Frozen_parameters_and_those_without_the_optimizer_are_not_missed()
    {
        first.Freeze();
        Training(_ => second.Forward(first.Forward(Tensor.Ones([3, 2])).Value)).Run();
        first.Unfreeze();
        using var ofSecond = new Sgd(second.Parameters(), 0.1f);
        Training(_ => second.Forward(first.Forward(Tensor.Ones([3, 2])).Value), by: ofSecond).Run();
    }

    [Fact]
    public void All_batches_of_the_first_step_count()
    {
        var call = 0;
        Variable Taking(float x) => (call++ % 2 == 0 ? first : second).Forward(Tensor.Ones([3, 2]));
        Training(Taking, new TrainerOptions { Steps = 2, Accumulation = 2 }).Run().Step.Should().Be(2);
        call = 0;
        Training(Taking).Invoking(t => t.Run()).Should().Throw<InvalidOperationException>()
            .WithMessage("*does not depend on 1.weight, 1.bias of*");
    }

    [Fact]
    public void Losses_that_take_turns_are_allowed_by_the_option()
    {
        var call = 0;
        Training(_ => (call++ % 2 == 0 ? first : second).Forward(Tensor.Ones([3, 2])),
            new TrainerOptions { Steps = 4, AllowUnreachedParameters = true }).Run().Step.Should().Be(4);
    }

    [Fact]
    public void A_gradient_that_the_callback_makes_counts()
    {
        var options = new TrainerOptions
        {
            Steps = 1,
            AfterBackward = _ =>
            {
                using var tape = new Tape();
                tape.Backward(first.Forward(Tensor.Ones([3, 2])).Mean());
            },
        };
        Training(_ => second.Forward(Tensor.Ones([3, 2])), options).Run().Step.Should().Be(1);
    }

    [Fact]
    public void A_resumed_run_is_not_refused_for_a_step_that_a_whole_run_takes()
    {
        // Both layers in the first two steps, and one later.
        var call = 0;
        Variable Loss(float x) => call++ < 2 ? model.Forward(Tensor.Ones([3, 2])) : second.Forward(Tensor.Ones([3, 2]));
        var options = new TrainerOptions { Steps = 2, Folder = temporary.File("run"), Goal = EvaluationGoal.Minimize };
        Training(Loss, options).Run();
        var resumed = Training(Loss, options with { Steps = 4 });
        resumed.Resume().Should().BeTrue();
        resumed.Run().Step.Should().Be(4);
    }

    [Fact]
    public void An_embedding_with_sparse_gradients_is_reached()
    {
        using var table = new Embedding(5, 2, new RandomGenerator(1), sparseGradient: true);
        using var adam = new Adam(table.Parameters());
        var batches = new ShuffledBatches<float>([1f], batchSize: 1, seed: 1);
        using var task = TrainingTask.Of(table, batches, _ => table.Forward(IndexTensor.FromSpan([1, 2], [2])).Mean(), _ => 0);
        new Trainer(task, adam, new TrainerOptions { Steps = 2 }).Run().Step.Should().Be(2);
    }

    private Trainer Training(Func<float, Variable> forward, TrainerOptions? options = null, Optimizer? by = null)
    {
        var batches = new ShuffledBatches<float>([1f], batchSize: 1, seed: 1);
        var task = TrainingTask.Of(model, batches, x => forward(x[0]).Mean(), _ => 0);
        return new Trainer(task, by ?? optimizer, options ?? new TrainerOptions { Steps = 2 });
    }
}
