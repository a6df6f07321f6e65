using SeqCore.Models;

namespace SeqCore.Tests.Models.Training;

/// <summary>A layer that stands in a field of a module, but was not registered with it.</summary>
public sealed class UnregisteredPartTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_loss_that_depends_on_a_layer_that_was_not_registered_is_refused_before_any_update(bool isCheckpointed)
    {
        using var model = new Forgetful();
        var before = model.Registered.Weight.Value.ToArray();
        Training(model, x => isCheckpointed ? Checkpoint.Run(model.Forward, x) : model.Forward(x)).Should()
            .Throw<InvalidOperationException>().WithMessage("Trainer.Run: the loss depends on parameters that the model Forgetful"
                + " does not have: Linear's 'weight', of shape (1, 2) and 1 more. They would be neither trained nor saved. Hint:"
                + " register each layer*Register(\"layer\", new Linear(...))*Freeze()*");
        model.Registered.Weight.Value.ToArray().Should().Equal(before);
    }

    [Fact]
    public void A_frozen_layer_and_one_with_an_optimizer_of_its_own_need_not_be_registered()
    {
        using var frozen = new Forgetful();
        frozen.Forgotten.Freeze();
        Training(frozen, frozen.Forward).Should().NotThrow();

        using var separate = new Forgetful();
        using var other = new Sgd(separate.Forgotten.Parameters(), 0.1f);
        Training(separate, separate.Forward).Should().NotThrow();
    }

    [Fact]
    public void A_tape_lists_the_leaves_that_its_backward_pass_reached()
    {
        using var model = new Forgetful();
        using var tape = new Tape();
        var loss = model.Forward(Tensor.Ones([3, 2])).Mean();
        tape.ReachedLeaves.Should().BeEmpty();
        tape.Backward(loss);
        tape.ReachedLeaves.Should().BeEquivalentTo([.. model.Parameters(), .. model.Forgotten.Parameters()],
            o => o.Using<Variable>(c => c.Subject.Should().BeSameAs(c.Expectation)).WhenTypeIs<Variable>());
    }

    [Fact]
    public void A_model_that_registers_nothing_is_told_to()
    {
        using var model = new Empty();
        ((Action)(() => _ = new Adam(model.Parameters()))).Should().Throw<ArgumentException>()
            .WithMessage("ParameterGroup: a group needs at least one parameter. Hint:*Register(\"layer\", new Linear(...))*");
        model.Invoking(m => m.Backend).Should().Throw<InvalidOperationException>()
            .WithMessage("Empty.Backend: the model has no parameters. Hint: register its layers*");
    }

    private static Action Training(Forgetful model, Func<Variable, Variable> forward) => () =>
    {
        var batches = new ShuffledBatches<float>([1f, 2f], batchSize: 2, seed: 1);
        using var task = TrainingTask.Of(model, batches, _ => forward(Tensor.Ones([3, 2])).Mean(), _ => 0);
        using var optimizer = new Sgd(model.Parameters(), 0.1f);
        new Trainer(task, optimizer, new TrainerOptions { Steps = 2 }).Run();
    };

    private sealed class Forgetful : Module
    {
        internal Forgetful()
        {
            var random = new RandomGenerator(1);
            Registered = Register("registered", new Linear(2, 2, random));
            Forgotten = new Linear(2, 1, random);
        }

        internal Linear Registered { get; }

        internal Linear Forgotten { get; }

        internal Variable Forward(Variable x) => Forgotten.Forward(Registered.Forward(x));

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            Forgotten.Dispose();
        }
    }

    private sealed class Empty : Model
    {
    }
}
