using SeqCore.Models;

namespace SeqCore.Tests.Models.Training;

/// <summary>Parts without parameters that act differently in training, and that the model has not registered.</summary>
public sealed class UnregisteredModeTests
{
    private static readonly RandomGenerator random = new(1);

    public static TheoryData<string, Func<Variable, Variable>> Parts
    {
        get
        {
            var attention = new HardAttention(new DotAttention(2), HardAttentionEstimator.ScoreFunction, random);
            var zoneout = new Gru(2, 2, random, new() { ZoneoutHidden = 0.2f });
            zoneout.Freeze();
            return new()
            {
                { nameof(Dropout), new Dropout(0.5f, random).Forward },
                { "Dropout, a part of Sequential", new Sequential(new Dropout(0.5f, random)).Forward },
                { nameof(LockedDropout), x => new LockedDropout(0.5f, random).Forward(x.Unsqueeze(0)) },
                { nameof(BatchNorm), new BatchNorm(2, affine: false).Forward },
                { nameof(Gru), x => zoneout.Forward(x.Unsqueeze(0)).Output },
                { nameof(HardAttention), x => attention.Forward(x.Unsqueeze(0), attention.Prepare(x.Unsqueeze(0))).Output },
                { nameof(Noise), new Noise().Forward },
                { nameof(Dropout), x => Checkpoint.Run(new Dropout(0.5f, random).Forward, x) },
                { nameof(Dropout), x => Task.Run(() => new Dropout(0.5f, random).Forward(x)).Result },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void One_in_training_mode_is_refused_before_any_update(string name, Func<Variable, Variable> part)
    {
        using var model = new Linear(2, 2, random);
        var before = model.Weight.Value.ToArray();
        Training(model, x => part(model.Forward(x))).Should().Throw<InvalidOperationException>().WithMessage(
            $"Trainer.Run: the loss uses modules in training mode that the model Linear does not have: {name}. Evaluate() of the"
                + " model would not switch their dropout*Hint: register each*Register(\"dropout\", new Dropout(...))*");
        model.Weight.Value.ToArray().Should().Equal(before);
    }

    [Fact]
    public void One_that_acts_alike_in_both_modes_or_is_in_evaluation_need_not_be_registered()
    {
        using var model = new Linear(2, 2, random);
        using var frozen = new Gru(2, 2, random);
        frozen.Freeze();
        Training(model, x => frozen.Forward(model.Forward(x).Unsqueeze(0)).Output).Should().NotThrow();
        Training(model, x => new Dropout(0f, random).Forward(model.Forward(x))).Should().NotThrow();

        var dropout = new Dropout(0.5f, random);
        dropout.Evaluate();
        Training(model, x => dropout.Forward(model.Forward(x))).Should().NotThrow();
    }

    [Fact]
    public void One_of_the_model_or_of_a_model_with_an_optimizer_of_its_own_is_accepted()
    {
        using var model = new Sequential(new Linear(2, 2, random), new Dropout(0.5f, random));
        using var other = new Sequential(new Linear(2, 2, random), new Dropout(0.5f, random));
        using var optimizer = new Sgd(other.Parameters());
        Training(model, x => other.Forward(model.Forward(x))).Should().NotThrow();
    }

    [Fact]
    public void Only_the_thread_that_trains_is_watched()
    {
        using var model = new Linear(2, 2, random);
        using var begun = new ManualResetEventSlim();
        using var done = new ManualResetEventSlim();
        var other = new Thread(() =>
        {
            begun.Wait();
            _ = new Dropout(0.5f, new RandomGenerator(2)).Forward(Tensor.Ones([3, 2]));
            done.Set();
        });
        other.Start();
        Training(model, x =>
        {
            begun.Set();
            done.Wait();
            return model.Forward(x);
        }).Should().NotThrow();
        other.Join();
    }

    private static Action Training(Module model, Func<Variable, Variable> forward) => () =>
    {
        var batches = new ShuffledBatches<float>([1f, 2f], batchSize: 2, seed: 1);
        using var task = TrainingTask.Of(model, batches, _ => forward(Tensor.Ones([3, 2])).Mean(), _ => 0);
        using var optimizer = new Sgd(model.Parameters(), 0.1f);
        new Trainer(task, optimizer, new TrainerOptions { Steps = 2 }).Run();
    };

    /// <summary>A layer of a program that asks for its mode.</summary>
    private sealed class Noise : Layer
    {
        public override Variable Forward(Variable x) => IsTraining ? x + 0.1f : x;
    }
}
