namespace SeqCore.Tests.Autograd;

public class TapeTests
{
    private static Variable Leaf(params float[] values) =>
        new(Tensor.FromSpan(values, new Shape(values.Length)), requiresGradient: true);

    [Fact]
    public void Gradients_of_several_tapes_add_up_until_they_are_zeroed()
    {
        var x = Leaf(1f, 2f);
        for (var step = 1; step <= 3; step++)
        {
            using (var tape = new Tape())
                tape.Backward((x * x).Sum());
            x.Gradient!.ToArray().Should().Equal(2f * step, 4f * step);
        }

        x.ZeroGradient();
        x.Gradient.Should().BeNull();
    }

    [Fact]
    public void A_variable_used_twice_gets_both_gradients()
    {
        var x = Leaf(3f);
        using var tape = new Tape();
        tape.Backward((x + x + x * 2f).Sum());
        x.Gradient!.ToArray().Should().Equal(4f);
    }

    [Fact]
    public void A_result_used_twice_passes_on_the_sum()
    {
        var x = Leaf(3f);
        using var tape = new Tape();
        var y = x * x;
        tape.Backward((y * y + y).Sum());
        x.Gradient!.ToArray().Should().Equal((2 * 9f + 1) * 6f);
    }

    [Fact]
    public void Two_leaves_with_the_same_gradient_do_not_share_its_memory()
    {
        var (x, y) = (Leaf(1f), Leaf(1f));
        using (var tape = new Tape())
            tape.Backward((x + y).Sum());
        x.Gradient!.AddInPlace(5f);
        y.Gradient!.ToArray().Should().Equal(1f);
    }

    [Fact]
    public void The_gradient_of_a_broadcast_input_is_summed_to_its_shape()
    {
        var row = new Variable(Samples.Of(1, 3), true);
        var column = new Variable(Samples.Of(2, 4, 1), true);
        using var tape = new Tape();
        tape.Backward((row + column).Sum());
        row.Gradient!.ToArray().Should().Equal(4f, 4f, 4f);
        column.Gradient!.Shape.Should().Equal(4, 1);
        column.Gradient.ToArray().Should().Equal(3f, 3f, 3f, 3f);
    }

    [Fact]
    public void No_gradient_flows_through_a_detached_variable()
    {
        var x = Leaf(3f);
        using var tape = new Tape();
        tape.Backward((x * x.Detach()).Sum());
        x.Gradient!.ToArray().Should().Equal(3f);
    }

    [Fact]
    public void Nothing_is_recorded_while_the_tape_is_paused()
    {
        var x = Leaf(3f);
        using var tape = new Tape();
        Variable constant;
        using (tape.Pause())
        {
            using (tape.Pause())
                tape.IsRecording.Should().BeFalse();
            tape.IsRecording.Should().BeFalse();
            constant = x * 2f;
        }

        tape.IsRecording.Should().BeTrue();
        constant.RequiresGradient.Should().BeFalse();
        tape.Count.Should().Be(0);
        tape.Backward((x * constant).Sum());
        x.Gradient!.ToArray().Should().Equal(6f);
    }

    [Fact]
    public void Without_a_tape_results_are_constants()
    {
        var y = Leaf(1f) * 2f;
        y.RequiresGradient.Should().BeFalse();
        y.IsLeaf.Should().BeTrue();
    }

    [Fact]
    public void Operations_on_constants_are_not_recorded()
    {
        using var tape = new Tape();
        var y = new Variable(Samples.Of(1, 2)) * 2f;
        tape.Count.Should().Be(0);
        y.RequiresGradient.Should().BeFalse();
    }

    [Fact]
    public void A_seed_stands_for_the_gradient_of_a_result_that_is_no_scalar_and_stays_as_it_was()
    {
        var x = Leaf(1f, 2f);
        var seed = Tensor.FromSpan([10f, 100f], new Shape(2));
        using (var tape = new Tape())
            tape.Backward(x + 0f, seed);
        x.Gradient!.ToArray().Should().Equal(10f, 100f);
        x.Gradient.AddInPlace(1f);
        seed.ToArray().Should().Equal(10f, 100f);
    }

    [Fact]
    public void A_gradient_on_an_inner_tape_waits_for_the_outer_tapes_backward_pass()
    {
        var x = Leaf(3f);
        using (var outer = new Tape())
        {
            var y = x * x;
            using (var inner = new Tape())
                inner.Backward((y * 10f).Sum());
            x.Gradient.Should().BeNull();
            outer.Backward(y.Sum());
        }

        x.Gradient!.ToArray().Should().Equal(66f);
    }

    [Fact]
    public void An_inner_tape_owns_its_own_tensors_and_a_leaf_gets_gradients_from_both()
    {
        var x = Leaf(3f);
        using var outer = new Tape();
        var y = x * 2f;
        Variable inside;
        using (var inner = new Tape())
        {
            Tape.Current.Should().BeSameAs(inner);
            inside = x * 5f;
            inner.Backward(inside.Sum());
        }

        Tape.Current.Should().BeSameAs(outer);
        inside.Value.IsDisposed.Should().BeTrue();
        outer.Backward(y.Sum());
        x.Gradient!.ToArray().Should().Equal(7f);
    }

    [Fact]
    public void What_is_kept_outlives_the_tape()
    {
        var x = Leaf(3f);
        Tensor kept;
        Variable lost;
        using (var tape = new Tape())
        {
            kept = tape.Keep((x * 2f).Value);
            lost = x * 2f;
        }

        kept.ToArray().Should().Equal(6f);
        lost.Invoking(v => v.Value.ToArray()).Should().Throw<ObjectDisposedException>().WithMessage("*tape*Keep*");
        lost.Invoking(v => v * 2f).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void Backward_needs_an_open_tape()
    {
        var x = Leaf(3f);
        var tape = new Tape();
        var loss = x.Sum();
        tape.Dispose();
        tape.Dispose();
        tape.Invoking(t => t.Backward(loss)).Should().Throw<InvalidOperationException>().WithMessage("*tape is closed*");
    }

    [Fact]
    public void Backward_runs_once_only()
    {
        var x = Leaf(3f);
        using var tape = new Tape();
        var loss = x.Sum();
        tape.Backward(loss);
        tape.Invoking(t => t.Backward(loss)).Should().Throw<InvalidOperationException>().WithMessage("*used already*");
        x.Gradient!.ToArray().Should().Equal(1f);
    }

    [Fact]
    public void Backward_needs_a_loss_and_from_more_than_one_element_a_seed()
    {
        using var tape = new Tape();
        tape.Invoking(t => t.Backward(null!)).Should().Throw<ArgumentNullException>().WithParameterName("loss");
        var y = Leaf(1f, 2f) * 2f;
        tape.Invoking(t => t.Backward(y)).Should().Throw<InvalidOperationException>().WithMessage("*(2,)*Sum or Mean*seed*");
        tape.Invoking(t => t.Backward(y, Tensor.Zeros(new Shape(3))))
            .Should().Throw<ShapeException>().WithMessage("Tape.Backward: seed should have shape (2,)*got (3,).");
    }

    [Fact]
    public void The_loss_must_have_been_recorded_on_the_tape()
    {
        var x = Leaf(3f);
        using var outer = new Tape();
        var onOuter = x.Sum();
        using var tape = new Tape();
        tape.Invoking(t => t.Backward(onOuter)).Should().Throw<InvalidOperationException>().WithMessage(
            "Tape.Backward: another tape recorded the loss, the current one when it was computed. Call Backward on that tape*");
        var onInner = x.Sum();
        outer.Invoking(t => t.Backward(onInner))
            .Should().Throw<InvalidOperationException>().WithMessage("*another tape*Enter()*");
        tape.Dispose();
        outer.Invoking(t => t.Backward(onInner)).Should().Throw<InvalidOperationException>()
            .WithMessage("*another tape recorded the loss, the current one when it was computed, which is closed by now. *");
        using (outer.Enter())
            outer.Backward(x.Sum());
        x.Gradient!.Item().Should().Be(1f);
    }

    [Fact]
    public void A_loss_that_no_tape_recorded_is_refused()
    {
        using var tape = new Tape();
        tape.Invoking(t => t.Backward(Leaf(1f)))
            .Should().Throw<InvalidOperationException>().WithMessage("*not recorded on this tape*");
    }

    [Fact]
    public void A_result_of_a_closed_tape_is_no_input_for_another()
    {
        var x = Leaf(3f);
        Variable state;
        using (var tape = new Tape())
        {
            state = x * 2f;
            tape.Keep(state.Value);
        }

        using var next = new Tape();
        FluentActions.Invoking(() => state * 2f)
            .Should().Throw<InvalidOperationException>().WithMessage("Affine: input 0*closed*Detach*");
        (state.Detach() * 2f).Value.ToArray().Should().Equal(12f);
    }

    [Fact]
    public void Closing_an_outer_tape_closes_those_inside_it()
    {
        var x = Leaf(3f);
        var outer = new Tape();
        var inner = new Tape();
        var y = x * 2f;
        outer.Dispose();
        Tape.Current.Should().BeNull();
        y.Value.IsDisposed.Should().BeTrue();
        inner.Invoking(t => t.Backward(y)).Should().Throw<InvalidOperationException>().WithMessage("*this tape is closed*");
        inner.Dispose();
        Tape.Current.Should().BeNull();
    }

    [Fact]
    public void The_error_of_a_step_is_the_one_that_is_seen()
    {
        FluentActions.Invoking(() =>
        {
            using var tape = new Tape();
            _ = new TensorScope("helper");
            throw new InvalidDataException("the real problem");
        }).Should().Throw<InvalidDataException>().WithMessage("the real problem");
        Tape.Current.Should().BeNull();
        TensorScope.Current.Should().BeNull();
    }

    [Fact]
    public void A_tape_records_nothing_after_its_backward_pass()
    {
        var x = Leaf(3f);
        using var tape = new Tape();
        tape.Backward(x * x);
        var count = tape.Count;
        (x * 2f).RequiresGradient.Should().BeFalse();
        tape.IsRecording.Should().BeFalse();
        tape.Count.Should().Be(count);
    }

    [Fact]
    public void Two_tapes_of_one_method_serve_one_after_the_other()
    {
        var (x, y) = (Leaf(3f), Leaf(5f));
        using var first = new Tape();
        first.Backward(x * y);
        using var second = new Tape();
        second.Backward(x * x);
        x.Gradient!.ToArray().Should().Equal(5f + 6f);
        y.Gradient!.ToArray().Should().Equal(3f);
    }

    [Fact]
    public void It_counts_the_operations_that_it_recorded()
    {
        using var tape = new Tape();
        var y = Leaf(3f, 4f) * 2f;
        tape.Count.Should().Be(1);
        y.Sum();
        tape.Count.Should().Be(2);
    }

    [Fact]
    public void A_closed_tape_cannot_be_entered()
    {
        var tape = new Tape();
        tape.Dispose();
        tape.Invoking(t => t.Enter()).Should().Throw<ObjectDisposedException>().WithMessage("Tape.Enter: this tape is closed*");
        Tape.Current.Should().BeNull();
    }

    [Fact]
    public void A_gradient_for_an_outer_tape_that_ran_backward_already_is_refused()
    {
        var x = Leaf(3f);
        using var outer = new Tape();
        var y = x * x;
        outer.Backward(y);
        using var inner = new Tape();
        var z = y * 2f;
        inner.Invoking(t => t.Backward(z)).Should().Throw<InvalidOperationException>()
            .WithMessage("Multiply: a gradient arrived for a result whose tape has already run its backward pass.");
    }

    [Fact]
    public void A_gradient_has_no_gradient()
    {
        var x = new Variable(Tensor.FromArray([1f, 2f]), requiresGradient: true);
        using (var tape = new Tape())
            tape.Backward(x.Power(3f).Sum());
        using var second = new Tape();
        Variable gradient = x.Gradient!;
        second.Invoking(t => t.Backward(gradient.Square().Sum())).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void Cross_entropy_is_scaled_by_the_seed_and_by_what_came_from_an_inner_tape()
    {
        using var targets = IndexTensor.FromSpan([1], new Shape(1));
        float[] Gradient(Tensor? seed, bool isUsedInside)
        {
            var logits = new Variable(Tensor.Zeros(new Shape(1, 2)), requiresGradient: true);
            using var tape = new Tape();
            var loss = logits.CrossEntropy(targets);
            if (isUsedInside)
            {
                using var inner = new Tape();
                inner.Backward(loss * 2f);
            }

            tape.Backward(loss, seed);
            return logits.Gradient!.ToArray();
        }

        Gradient(null, false).Should().Equal(0.5f, -0.5f);
        Gradient(Tensor.Scalar(4f), false).Should().Equal(2f, -2f);
        Gradient(null, true).Should().Equal(1.5f, -1.5f);
    }
}
