using SeqCore.Models;

namespace SeqCore.Tests.Models.Training;

/// <summary>A resumed run keeps its optimizer and its frozen parts.</summary>
public sealed class ResumedOptimizerTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    public static TheoryData<string, Func<RecurrentLanguageModel, Optimizer>> Others() => new()
    {
        { "optimizer was Adam and is AdamW here", m => new AdamW(m.Head.Parameters(), 0.01f) },
        { "learning rate was 0.01 and is 0.5 here", m => new Adam(m.Head.Parameters(), 0.5f) },
        { "trained was 2 of * is 2 of * (in another order*)", m => new Adam(m.Head.Parameters().Reverse(), 0.01f) },
        { "trained was 2 of * is 1 of * (*bias removed)", m => new Adam([m.Head.Weight], 0.01f) },
        { "trained was 2 of * is 11 of * (embedding.weight, * and 6 more added)", m => new Adam(m.Parameters(), 0.01f) },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Another_optimizer_is_refused_by_what_differs(string message, Func<RecurrentLanguageModel, Optimizer> make)
    {
        var options = new TrainerOptions { Steps = 2, Folder = temporary.File("run"), CheckpointEvery = 1 };
        using (var parts = Parts())
            new Trainer(parts.Task, new Adam(parts.Model.Head.Parameters(), 0.01f), options).Run();
        using var again = Parts();
        new Trainer(again.Task, make(again.Model), options).Invoking(t => t.Resume()).Should().Throw<CheckpointException>()
            .WithMessage($"*cannot continue with this optimizer: *{message}*Hint: *to train other"
                + " parameters*, start a new run in another folder, with a model loaded from this one.");
        new Trainer(again.Task, new Adam(again.Model.Head.Parameters(), 0.01f), options).Resume().Should().BeTrue();
    }

    [Fact]
    public void A_frozen_part_in_evaluation_stays_in_it()
    {
        using var parts = Parts();
        parts.Model.Recurrent.Freeze();
        parts.Model.Recurrent.Evaluate();
        var modes = new List<(bool, bool)>();
        var trainer = new Trainer(parts.Task, new Sgd(parts.Model.Head.Parameters(), 0.1f),
            new TrainerOptions { Steps = 4, EvaluateEvery = 2 });
        trainer.StepCompleted += (_, _) => modes.Add((parts.Model.Recurrent.IsTraining, parts.Model.Head.IsTraining));
        trainer.Run();
        modes.Should().Equal(Enumerable.Repeat((false, true), 4));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_handler_that_evaluates_the_model_or_trains_it_leaves_the_run_in_training_mode(bool trains)
    {
        using var parts = Parts();
        parts.Model.Embedding.Freeze();
        parts.Model.Embedding.Evaluate();
        var modes = new List<(bool, bool)>();
        var options = new TrainerOptions
        {
            Steps = 6,
            EvaluateEvery = 2,
            AfterBackward = _ => modes.Add((parts.Model.Embedding.IsTraining, parts.Model.Recurrent.IsTraining)),
        };
        var trainer = new Trainer(parts.Task, new Sgd(parts.Model.Head.Parameters(), 0.1f), options);
        trainer.Evaluated += (_, _) =>
        {
            if (trains)
                new Trainer(parts.Task, new Sgd(parts.Model.Head.Parameters(), 0.1f), new TrainerOptions { Steps = 1 }).Run();
            else
                parts.Model.Evaluate();
        };
        trainer.Run();
        modes.Should().Equal(Enumerable.Repeat((false, true), 6));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_ends_in_evaluation_mode_and_the_next_one_trains_the_same_parts(bool isCancelled)
    {
        using var parts = Parts();
        parts.Model.Recurrent.Freeze();
        using var cancel = new CancellationTokenSource();
        var modes = new List<(bool, bool)>();
        var trainer = new Trainer(parts.Task, new Sgd(parts.Model.Head.Parameters(), 0.1f), new TrainerOptions { Steps = 3 });
        trainer.StepCompleted += (_, e) =>
        {
            modes.Add((parts.Model.Recurrent.IsTraining, parts.Model.Head.IsTraining));
            if (isCancelled && e.Step == 2)
                cancel.Cancel();
        };
        trainer.Run(cancel.Token).Step.Should().Be(isCancelled ? 2 : 3);
        (parts.Model.IsTraining || parts.Model.Recurrent.IsTraining || parts.Model.Head.IsTraining).Should().BeFalse();
        trainer.Run();
        modes.Should().Equal(Enumerable.Repeat((true, true), 3));
        parts.Model.IsTraining.Should().BeFalse();
    }

    [Fact]
    public void Parts_may_be_frozen_and_freed_inside_a_tape_after_its_backward_pass()
    {
        using var layer = new Linear(2, 1, new RandomGenerator(1));
        using var tape = new Tape();
        tape.Backward(layer.Forward(Tensor.Ones([1, 2])).Sum());
        layer.Freeze();
        layer.Unfreeze();
        using var next = new Tape();
        var y = layer.Forward(Tensor.Ones([1, 2])).Sum();
        layer.Invoking(l => l.Freeze()).Should().Throw<InvalidOperationException>().WithMessage("*after its backward pass.");
        next.Backward(y);
    }

    private static SmallRun.Parts Parts() => new(new SmallRun { Options = new TrainerOptions { Steps = 1 } });
}
