using SeqCore;
using SeqCore.Models;

namespace Outside;

/// <summary>
/// An LSTM whose input gate is what the forget gate leaves, i = 1 - f (Greff et al., "LSTM: a search space odyssey",
/// arXiv:1503.04069, CIFG): a quarter fewer parameters. One step is written here; <see cref="CellLayer"/> runs it over sequences.
/// f, g, o = W_ih x + W_hh h + b; c' = sigmoid(f) c + (1 - sigmoid(f)) tanh(g); h' = sigmoid(o) tanh(c').
/// </summary>
public sealed class CoupledLstmCell : RecurrentCell
{
    private readonly Linear input;
    private readonly Linear hidden;

    public CoupledLstmCell(int inputSize, int hiddenSize, RandomGenerator random) : base(inputSize, hiddenSize, stateCount: 2)
    {
        input = Register("input", new Linear(inputSize, 3 * hiddenSize, random));
        hidden = Register("hidden", new Linear(hiddenSize, 3 * hiddenSize, random, bias: false));
    }

    /// <summary>W_ih x + b for all steps in one product.</summary>
    public override Variable ProjectInputs(Variable x) => input.Forward(x);

    /// <inheritdoc/>
    public override IReadOnlyList<Variable> Step(Variable x, IReadOnlyList<Variable> state)
    {
        var (h, c) = (state[0], state[1]);
        var gates = (x + hidden.Forward(h)).Split(HiddenSize, -1);
        var (f, g, o) = (gates[0].Sigmoid(), gates[1].Tanh(), gates[2].Sigmoid());
        c = (f * c) + ((1f - f) * g);
        h = o * c.Tanh();
        return [h, c];
    }
}

public class OwnCellTests
{
    [Fact]
    public void Runs_over_sequences_of_different_lengths_in_both_directions()
    {
        var random = new RandomGenerator(1);
        var options = new RecurrentLayerOptions { Layers = 2, Bidirectional = true };
        using var layer = new CellLayer(3, 4, width => new CoupledLstmCell(width, 4, random), random, options);
        using var scope = new TensorScope();
        var x = Tensor.RandomNormal([2, 5, 3], random);
        using var lengths = IndexTensor.FromSpan([5, 2], [2]);
        var (output, state) = layer.Forward(x, lengths: lengths);
        output.Shape.Should().Equal(2, 5, 8);
        state.Cell.Should().HaveCount(4);

        // A short sequence gives what it gives alone, and 0 in the padding.
        var alone = layer.Forward(x.Slice(0, 1, 1).Slice(1, 0, 2).Contiguous());
        output.Value.Slice(0, 1, 1).Slice(1, 0, 2).AllClose(alone.Output.Value, 1e-4f, 1e-6f).Should().BeTrue();
        output.Value.Slice(0, 1, 1).Slice(1, 2, 3).ToArray().Should().OnlyContain(v => v == 0f);
        state.Cell[3].Value.Slice(0, 1, 1).AllClose(alone.State.Cell[3].Value, 1e-4f, 1e-6f).Should().BeTrue();
    }

    [Fact]
    public void Continues_from_a_state()
    {
        var random = new RandomGenerator(1);
        using var layer = new CellLayer(3, 4, width => new CoupledLstmCell(width, 4, random), random);
        using var scope = new TensorScope();
        var x = Tensor.RandomNormal([2, 6, 3], random);
        var first = layer.Forward(x.Slice(1, 0, 4).Contiguous());
        var second = layer.Forward(x.Slice(1, 4, 2).Contiguous(), first.State);
        second.Output.Value.ToArray().Should().Equal(layer.Forward(x).Output.Value.Slice(1, 4, 2).ToArray());
    }

    [Fact]
    public void Has_the_right_gradients()
    {
        var random = new RandomGenerator(1);
        using var layer = new CellLayer(2, 3, width => new CoupledLstmCell(width, 3, random), random);
        GradientCheck.Run(v => layer.Forward(v[0], new RecurrentState([v[1]], [v[2]])).Output,
            [Tensor.RandomNormal([2, 4, 2], random), Tensor.RandomNormal([2, 3], random), Tensor.RandomNormal([2, 3], random)],
            new GradientCheckOptions { AbsoluteTolerance = 1e-3 });
    }

    [Fact]
    public void Learns_to_add()
    {
        var random = new RandomGenerator(1);
        using var model = new Sequential(new CellLayer(1, 16, width => new CoupledLstmCell(width, 16, random), random),
            new Linear(16, 1, random));
        using var optimizer = new Adam(model.Parameters(), 0.01f);
        var loss = float.NaN;
        for (var step = 0; step < 150; step++)
        {
            using var tape = new Tape();
            var x = Tensor.RandomNormal([32, 3, 1], random);
            var error = model.Forward(x).Select(1, 2) - x.Sum(1);
            var mean = error.Square().Mean();
            optimizer.ZeroGradients();
            tape.Backward(mean);
            optimizer.Step();
            loss = mean.Value.Item();
        }

        loss.Should().BeLessThan(0.3f, "the numbers' sum has a variance of 3");
    }
}
