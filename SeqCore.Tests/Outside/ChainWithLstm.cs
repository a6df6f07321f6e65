using SeqCore;
using SeqCore.Models;

namespace Outside;

/// <summary>Recurrent layers stand in a chain: the next layer gets their output at every step.</summary>
public class ChainWithLstm
{
    [Fact]
    public void Learns_whether_the_sum_so_far_is_positive()
    {
        var random = new RandomGenerator(1);
        using var model = new Sequential(
            new Lstm(1, 16, random),
            new LayerNorm(16),
            new Gru(16, 8, random, new RecurrentLayerOptions { Bidirectional = true }),
            new Linear(16, 2, random));
        using var optimizer = new Adam(model.Parameters(), 0.02f);
        var loss = float.NaN;
        for (var step = 0; step < 120; step++)
        {
            using var tape = new Tape();
            var x = Tensor.RandomNormal([32, 6, 1], random);
            using var targets = Signs(x);
            var mean = Loss.CrossEntropy(model.Forward(x), targets);
            optimizer.ZeroGradients();
            tape.Backward(mean);
            optimizer.Step();
            loss = mean.Value.Item();
        }

        loss.Should().BeLessThan(0.4f, "guessing costs log 2 = 0.69");
        model.StateDictionary().Keys.Should().StartWith(["0.weight_ih_l0", "0.weight_hh_l0"]);
    }

    private static IndexTensor Signs(Tensor x)
    {
        var signs = x.ToArray().Chunk(6).SelectMany(row => row.Select((_, t) => row.Take(t + 1).Sum() > 0 ? 1 : 0));
        return IndexTensor.FromSpan([.. signs], [32, 6]);
    }
}
