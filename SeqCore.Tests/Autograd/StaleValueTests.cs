using SeqCore.Kernels.Operations;
using SeqCore.Models;

namespace SeqCore.Tests.Autograd;

public class StaleValueTests
{
    public static TheoryData<string, Action<Tensor>> Changes() => new()
    {
        { "FillInPlace", x => x.FillInPlace(7f) },
        { "AddInPlace", x => x.AddInPlace(1f) },
        { "AddInPlace", x => x.AddInPlace(Tensor.Ones(x.Shape)) },
        { "SubtractInPlace", x => x.SubtractInPlace(Tensor.Ones(x.Shape)) },
        { "MultiplyInPlace", x => x.MultiplyInPlace(3f) },
        { "MultiplyInPlace", x => x.MultiplyInPlace(Tensor.Ones(x.Shape)) },
        { "NegateOperation", x => x.MapInPlace(new NegateOperation()) },
        { "CopyFrom", x => x.CopyFrom(Tensor.Ones(x.Shape)) },
        { "CopyFrom", x => x.CopyFrom(new float[x.ElementCount]) },
        { "Upload", x => x.Backend.Upload<float>(new float[x.ElementCount], x.Span) },
        { "ScatterAddInPlace", x => x.ScatterAddInPlace(IndexTensor.FromSpan([0], [1]), Tensor.Ones([1, 3])) },
        { "my kernel", x => x.NoteWrite("my kernel") },
        { "FillInPlace", x => x.Slice(0, 0, 1).FillInPlace(1f) },
        { "FillInPlace", x => x.Transpose().FillInPlace(1f) },
        { "Initializer.Uniform", x => Initializer.Uniform(x, 0f, 1f, new RandomGenerator(1)) },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_value_that_backward_needs_may_not_have_changed(string name, Action<Tensor> change)
    {
        var w = new Variable(Samples.Of(1, 3, 3), requiresGradient: true);
        using var tape = new Tape();
        var y = (w * w).Sum();
        change(w.Value);
        tape.Invoking(t => t.Backward(y)).Should().Throw<InvalidOperationException>().WithMessage(
            $"Multiply: its backward pass needs a tensor of shape (3, 3) as it was in the forward pass, but {name} has changed "
            + "it, or memory that it is a view of, since.*Copy()*");
    }

    [Fact]
    public void After_a_pass_that_threw_gradients_hold_a_part_and_the_step_is_right_once_they_are_forgotten()
    {
        Variable w = new(Samples.Of(1, 3), requiresGradient: true), v = new(Samples.Of(2, 3), requiresGradient: true);
        using (var tape = new Tape())
        {
            var loss = (v * v + w).Sum();
            v.Value.FillInPlace(2f);
            tape.Invoking(t => t.Backward(loss)).Should().Throw<InvalidOperationException>().WithMessage("Multiply: *");
            tape.Invoking(t => t.Backward(loss)).Should().Throw<InvalidOperationException>().WithMessage("*used already*");
        }

        w.Gradient!.ToArray().Should().Equal(1f, 1f, 1f);
        v.Gradient.Should().BeNull();
        w.ZeroGradient();
        v.ZeroGradient();
        using var again = new Tape();
        again.Backward((v * v + w).Sum());
        w.Gradient!.ToArray().Should().Equal(1f, 1f, 1f);
        v.Gradient!.ToArray().Should().Equal(4f, 4f, 4f);
    }

    [Fact]
    public void A_result_that_backward_needs_may_not_have_changed()
    {
        var w = new Variable(Samples.Of(1, 3), requiresGradient: true);
        using var tape = new Tape();
        var y = w.Sigmoid();
        y.Value.FillInPlace(0f);
        tape.Invoking(t => t.Backward(y.Sum())).Should().Throw<InvalidOperationException>().WithMessage("Sigmoid*FillInPlace*");
    }

    [Fact]
    public void A_value_that_backward_does_not_need_may_change()
    {
        var x = new Variable(Samples.Of(1, 3), requiresGradient: true);
        var w = new Variable(Samples.Of(2, 3), requiresGradient: true);
        using var tape = new Tape();
        var y = (x + w).Sum();
        x.Value.FillInPlace(0f);
        w.Value.FillInPlace(0f);
        tape.Backward(y);
        x.Gradient!.ToArray().Should().Equal(1f, 1f, 1f);
    }

    [Fact]
    public void Views_of_one_memory_are_taken_together_but_writing_no_element_is_no_write()
    {
        var x = new Variable(Samples.Of(1, 3), requiresGradient: true);
        var rows = Samples.Of(2, 2, 3);
        using (var tape = new Tape())
        {
            var y = (x * rows[0]).Sum();
            rows[2..] = Tensor.Ones([3]);
            rows.SetInPlace(1f, .., 1..1);
            rows[1..1].CopyFrom(ReadOnlySpan<float>.Empty);
            rows.ScatterAddInPlace(IndexTensor.FromSpan([], [0]), Tensor.Zeros([0, 3]));
            rows[2..].NoteWrite("my kernel");
            tape.Backward(y);
        }

        using var another = new Tape();
        var z = (x * rows[0]).Sum();
        rows[1] = Tensor.Ones([3]);
        another.Invoking(t => t.Backward(z)).Should().Throw<InvalidOperationException>()
            .WithMessage("*of shape (3,)*CopyFrom has changed it, or memory that it is a view of, since.*");
    }

    [Fact]
    public void Values_that_changed_before_the_forward_pass_are_fine()
    {
        var w = new Variable(Samples.Of(1, 3), requiresGradient: true);
        for (var step = 0; step < 3; step++)
        {
            w.Value.FillInPlace(step);
            using var tape = new Tape();
            tape.Backward((w * w).Sum());
            w.Gradient!.MultiplyInPlace(1f);
        }

        w.Gradient!.ToArray().Should().Equal(6f, 6f, 6f);
    }

    [Fact]
    public void A_gradient_that_was_changed_between_two_tapes_adds_up()
    {
        var w = new Variable(Tensor.Ones([2]), requiresGradient: true);
        using (var tape = new Tape())
            tape.Backward((w * w).Sum());
        using (var tape = new Tape())
        {
            var y = (w * 3f).Sum();
            w.Gradient!.MultiplyInPlace(0.5f);
            tape.Backward(y);
        }

        w.Gradient.ToArray().Should().Equal(4f, 4f);
    }

    public static TheoryData<string, Func<Variable, Variable>> Operations() => new()
    {
        { "MatMul", x => Variable.MatMul(x.Reshape(4, 8), x.Reshape(8, 4)) },
        { "Lstm", x => new Lstm(8, 4, new RandomGenerator(1)).Forward(x.Reshape(1, 4, 8)).Output },
        { "Gru", x => new Gru(8, 4, new RandomGenerator(1)).Forward(x.Reshape(1, 4, 8)).Output },
        { "Attention", x => Variable.Attention(x.Reshape(1, 1, 4, 8), x.Reshape(1, 1, 4, 8), x.Reshape(1, 1, 4, 8)) },
        { "LayerNorm", x => new LayerNorm(8).Forward(x.Reshape(4, 8)) },
        { "RmsNorm", x => x.Reshape(4, 8).RmsNorm() },
        { "Divide", x => 1f / (x + 3f) * x },
        { "Variance", x => x.Variance() },
        { "Softmax", x => x.Softmax() * x },
        { "Gelu", x => x.Gelu() },
        { "Max", x => x.Max() },
        { "Norm", x => x.Norm() },
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public void Operations_that_need_their_input_refuse_a_changed_one(string name, Func<Variable, Variable> operation)
    {
        _ = name;
        var x = new Variable(Samples.Of(1, 32), requiresGradient: true);
        using var tape = new Tape();
        var y = operation(x).Sum();
        x.Value.MultiplyInPlace(2f);
        tape.Invoking(t => t.Backward(y)).Should().Throw<InvalidOperationException>()
            .WithMessage("*its backward pass needs*MultiplyInPlace has changed it, or*, since*");
    }

    [Fact]
    public void Options_of_attention_may_not_have_changed()
    {
        Variable x = new(Samples.Of(1, 1, 2, 4, 8), requiresGradient: true);
        using var bias = Tensor.Zeros([1, 2, 4, 4]);
        using var slopes = Tensor.Ones([2]);
        using var lengths = IndexTensor.FromSpan([3], [1]);
        (AttentionOptions, Action)[] cases = [(new() { Bias = bias }, () => bias.FillInPlace(1f)),
            (new() { Slopes = slopes }, () => slopes.FillInPlace(2f)),
            (new() { KeyLengths = lengths }, () => lengths.Backend.Upload<int>([2], lengths.Span))];
        foreach (var (options, change) in cases)
        {
            using var tape = new Tape();
            var y = Variable.Attention(x, x, x, options).Sum();
            change();
            tape.Invoking(t => t.Backward(y)).Should().Throw<InvalidOperationException>()
                .WithMessage("Attention*has changed it*");
        }
    }

    [Fact]
    public void Freezing_where_the_tape_is_not_seen_is_refused_in_the_backward_pass()
    {
        var layer = new Linear(3, 1, new RandomGenerator(1));
        using var tape = new Tape();
        var y = layer.Forward(Samples.Of(1, 2, 3)).Sum();
        var unaware = new Thread(layer.Freeze);
        unaware.UnsafeStart();
        unaware.Join();
        tape.Invoking(t => t.Backward(y)).Should().Throw<InvalidOperationException>()
            .WithMessage("Linear: an input was frozen or unfrozen between the forward and the backward pass*");
    }

    [Fact]
    public void An_optimizer_step_between_forward_and_backward_is_refused()
    {
        var layer = new Linear(3, 1, new RandomGenerator(1));
        var optimizer = new Adam(layer.Parameters());
        using var first = new Tape();
        Variable x = new(Samples.Of(1, 2, 3), requiresGradient: true);
        var delayed = layer.Forward(x).Sum();
        using (var second = new Tape())
            second.Backward(layer.Forward(x.Detach()).Sum());
        optimizer.Step();
        first.Invoking(t => t.Backward(delayed)).Should().Throw<InvalidOperationException>().WithMessage("Linear*Adam.Step*");
    }

    [Fact]
    public void Loading_weights_between_forward_and_backward_is_refused()
    {
        var layer = new Linear(3, 1, new RandomGenerator(1));
        var other = new Linear(3, 1, new RandomGenerator(2));
        using var tape = new Tape();
        Variable x = new(Samples.Of(1, 2, 3), requiresGradient: true);
        var y = layer.Forward(x).Sum();
        layer.LoadStateDictionary(other.StateDictionary());
        tape.Invoking(t => t.Backward(y)).Should().Throw<InvalidOperationException>().WithMessage("Linear*");
    }

    [Fact]
    public void What_a_checkpoint_computes_again_may_not_have_changed()
    {
        var w = new Variable(Samples.Of(1, 3), requiresGradient: true);
        using var tape = new Tape();
        var y = Checkpoint.Run(x => (x * w).Sum(), w);
        w.Value.FillInPlace(1f);
        tape.Invoking(t => t.Backward(y)).Should().Throw<InvalidOperationException>().WithMessage("*FillInPlace*");
    }

    [Fact]
    public void Adding_rows_of_a_table_to_itself_reads_before_it_writes()
    {
        var table = Tensor.FromSpan([1f, 2f, 3f, 4f, 5f, 6f], [3, 2]);
        table.ScatterAddInPlace(IndexTensor.FromSpan([2, 0, 0], [3]), table);
        table.ToArray().Should().Equal(1f + 3f + 5f, 2f + 4f + 6f, 3f, 4f, 5f + 1f, 6f + 2f);
    }
}
