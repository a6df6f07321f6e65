using SeqCore;
using SeqCore.Models;

namespace Outside;

/// <summary>
/// Exponential smoothing of a projection, h_t = a h_(t-1) + (1 - a) W x_t, for all steps with one product by a triangular matrix:
/// h_t = a^(t+1) h_0 + sum over s up to t of (1 - a) a^(t-s) W x_s. The base brings layers, both directions and the state.
/// </summary>
public sealed class SmoothingLayer : RecurrentLayer
{
    private readonly Linear[] projections;
    private readonly float a;

    public SmoothingLayer(int inputSize, int hiddenSize, float a, RandomGenerator random, RecurrentLayerOptions? options = null)
        : base(inputSize, hiddenSize, random, options)
    {
        this.a = a;
        var directions = OutputSize / HiddenSize;
        projections = new Linear[Options.Layers * directions];
        for (var i = 0; i < projections.Length; i++)
            projections[i] = Register($"projection{i}",
                new Linear(i < directions ? inputSize : OutputSize, hiddenSize, random, bias: false));
    }

    /// <inheritdoc/>
    protected override Variable[] Run(int index, Variable x, IReadOnlyList<Variable>? state, RecurrentPass pass)
    {
        if (pass.Lengths is not null)
            throw new NotSupportedException("SmoothingLayer: all sequences of a batch should have the same length.");
        var steps = x.Shape[1];
        var (past, start) = (new float[steps, steps], new float[steps, 1]);
        for (var t = 0; t < steps; t++)
        {
            // Backwards, step t comes after the steps that follow it in the sequence.
            start[t, 0] = MathF.Pow(a, pass.Reverse ? steps - t : t + 1);
            for (var s = 0; s < steps; s++)
            {
                var age = pass.Reverse ? s - t : t - s;
                past[t, s] = age < 0 ? 0f : (1f - a) * MathF.Pow(a, age);
            }
        }

        var h = Variable.MatMul(Tensor.FromArray(past), projections[index].Forward(x));
        if (state is not null)
            h += state[0].Unsqueeze(1) * Tensor.FromArray(start);
        return [h, h.Select(1, pass.Reverse ? 0 : steps - 1)];
    }
}

public class OwnRecurrentLayerTests
{
    [Fact]
    public void Computes_its_recurrence_and_continues_from_a_state()
    {
        using var layer = new SmoothingLayer(1, 1, 0.5f, new RandomGenerator(1));
        Initializer.Constant(layer.Parameters().Single().Value, 1f);
        var (output, state) = layer.Forward(Tensor.FromSpan([8f, 4f, 2f], [1, 3, 1]));
        output.Value.ToArray().Should().Equal(4f, 4f, 3f);
        layer.Forward(Tensor.FromSpan([1f], [1, 1, 1]), state).Output.Value.ToArray().Should().Equal(2f);
    }

    [Fact]
    public void Layers_and_directions_come_with_the_base()
    {
        var random = new RandomGenerator(1);
        using var layer = new SmoothingLayer(3, 4, 0.5f, random, new RecurrentLayerOptions { Layers = 2, Bidirectional = true });
        using var model = new Sequential(layer, new Linear(8, 1, random));
        using var tape = new Tape();
        tape.Backward(model.Forward(Tensor.RandomNormal([2, 5, 3], random)).Square().Sum());
        model.Parameters().Should().OnlyContain(p => !ReferenceEquals(p.Gradient, null));
        layer.Forward(Tensor.RandomNormal([2, 5, 3], random)).State.Hidden.Should().HaveCount(4);
    }

    [Fact]
    public void Backwards_it_reads_from_the_end()
    {
        using var layer = new SmoothingLayer(1, 1, 0.5f, new RandomGenerator(1),
            new RecurrentLayerOptions { Bidirectional = true });
        foreach (var parameter in layer.Parameters())
            Initializer.Constant(parameter.Value, 1f);
        var (output, state) = layer.Forward(Tensor.FromSpan([8f, 4f, 2f], [1, 3, 1]));
        output.Value.Select(2, 1).ToArray().Should().Equal(5.25f, 2.5f, 1f);
        state.Hidden[1].Value.Item().Should().Be(5.25f);
    }
}
