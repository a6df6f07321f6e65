using SeqCore.Kernels;
using SeqCore.Tests.Kernels.Rows;
using static SeqCore.Tests.Kernels.Rows.Numbers;

namespace SeqCore.Tests.Kernels.CopyMixture;

public class CopyMixtureTests
{
    public static TheoryData<int, int, int, int> Sizes => new()
    {
        { 1, 1, 1, 1 }, { 2, 3, 5, 4 }, { 3, 2, 17, 9 }, { 4, 5, 33, 16 }, { 3, 4, 64, 17 }, { 2, 7, 257, 33 }, { 3, 3, 130, 65 },
        { 2, 0, 5, 4 }, { 0, 3, 5, 4 }, { 2, 3, 5, 0 }, { 5, 11, 3000, 100 },
    };

    [Theory, MemberData(nameof(Sizes))]
    public void Results_and_gradients_agree_with_the_definition_in_double(int batch, int steps, int vocabulary, int positions)
    {
        foreach (var hasLengths in (bool[])[false, true])
        {
            var mixture = new Mixture(batch, steps, vocabulary, positions, hasLengths);
            mixture.ShouldAgree(mixture.Run(2), 2e-5, 2e-5);
        }
    }

    [Fact]
    public void The_definitions_gradient_is_that_of_finite_differences()
    {
        double[] x = ToDouble(Normal(6, 1, 2)), a = Definition.Softmax(ToDouble(Normal(4, 2))), dY = ToDouble(Normal(6, 3));
        int[] tokens = [5, 1, 5, 0];
        const double Gate = 0.3;
        var (dX, dA, dG) = Definition.CopyMixtureGradient(x, a, tokens, Gate, dY);
        double Total(double[] logits, double[] weights, double gate) =>
            Definition.CopyMixture(logits, weights, tokens, gate).Zip(dY, (y, d) => y * d).Sum();
        Near(dX, Differences(x, v => Total(v, a, Gate)));
        Near(dA, Differences(a, v => Total(x, v, Gate)));
        Near([dG], Differences([Gate], v => Total(x, a, v[0])));

        static void Near(double[] actual, double[] expected) =>
            actual.Zip(expected, (p, q) => Math.Abs(p - q)).Should().OnlyContain(d => d < 1e-8);
    }

    [Fact]
    public void Probabilities_add_up_to_one()
    {
        var mixture = new Mixture(3, 4, 50, 12, hasLengths: true);
        foreach (var row in mixture.Run(1).Y.Chunk(50))
            row.Sum(y => Math.Exp(y)).Should().BeApproximately(1, 1e-5);
    }

    [Fact]
    public void Large_logits_and_gates_neither_overflow_nor_lose_a_token()
    {
        var mixture = new Mixture(3, 4, 40, 12, hasLengths: false);
        for (var i = 0; i < mixture.Logits.Length; i++)
            mixture.Logits[i] = MathF.Round(mixture.Logits[i] * 30);
        for (var r = 0; r < mixture.Gates.Length; r++)
            mixture.Gates[r] = r % 2 == 0 ? 60 : -60;
        var found = mixture.Run(1);
        found.Floats.SelectMany(f => f).Should().OnlyContain(v => float.IsFinite(v), "the logarithm of no probability is taken");
        ShouldBeNear(found.Y, Expected(mixture), 1e-6, 1e-4, "y");
    }

    [Fact]
    public void The_gradient_of_an_unlikely_token_is_finite()
    {
        // The model says that the token has a probability of e^-1000, and attention ignores its position.
        var mixture = new Mixture(1, 1, 3, 2, hasLengths: false);
        mixture.Logits[0] = -1000;
        (mixture.Tokens[0], mixture.Tokens[1]) = (0, 1);
        (mixture.Weights[0], mixture.Weights[1]) = (0, 1);
        var found = mixture.Run(1);
        found.Y[0].Should().BeLessThan(-900);
        found.DWeights[0].Should().Be(mixture.DY[0] * MathF.Exp(80f), "the factor is limited");
        found.Floats.SelectMany(f => f).Should().OnlyContain(v => float.IsFinite(v));
    }

    [Fact]
    public void A_word_outside_the_vocabulary_can_be_copied_but_not_generated()
    {
        // Index 4 stands for such a word of the source: its logit forbids generating it.
        var mixture = new Mixture(1, 2, 6, 3, hasLengths: false);
        for (var t = 0; t < 2; t++)
            mixture.Logits[t * 6 + 4] = mixture.Logits[t * 6 + 5] = float.NegativeInfinity;
        int[] tokens = [4, 1, 4];
        tokens.CopyTo(mixture.Tokens, 0);
        (mixture.DY[5], mixture.DY[11]) = (0, 0);
        var found = mixture.Run(1);
        for (var t = 0; t < 2; t++)
        {
            var copies = 1 / (1 + Math.Exp(mixture.Gates[t]));
            var chosen = mixture.Weights[t * 3] + mixture.Weights[t * 3 + 2];
            Math.Exp(found.Y[t * 6 + 4]).Should().BeApproximately(copies * chosen, 1e-6);
            found.Y[t * 6 + 5].Should().Be(float.NegativeInfinity);
            found.DX[t * 6 + 4].Should().BeApproximately(0, 1e-6f, "nothing of the word is generated");
        }

        found.DWeights.Concat(found.DGates).Concat(found.DX).Should().OnlyContain(v => float.IsFinite(v));
    }

    [Theory]
    [InlineData(5, 9, 700, 40)]
    [InlineData(70, 4, 3, 6)]
    public void Threads_change_no_bit(int batch, int steps, int vocabulary, int positions)
    {
        var mixture = new Mixture(batch, steps, vocabulary, positions, hasLengths: true);
        var one = mixture.Run(1);
        foreach (var threads in (int[])[2, 3])
        {
            foreach (var (a, b) in one.Floats.Zip(mixture.Run(threads).Floats))
                b.Should().Equal(a);
        }
    }

    [Fact]
    public void What_lies_past_a_length_changes_nothing_and_has_no_gradient()
    {
        Mixture clean = new(3, 4, 20, 9, hasLengths: true), dirty = new(3, 4, 20, 9, hasLengths: true);
        for (var b = 0; b < 3; b++)
        {
            var length = dirty.LengthOf(b);
            dirty.Tokens.AsSpan(b * 9 + length, 9 - length).Fill(-100);
            for (var t = 0; t < 4; t++)
                dirty.Weights.AsSpan((b * 4 + t) * 9 + length, 9 - length).Fill(float.NaN);
        }

        var (expected, found) = (clean.Run(1), dirty.Run(1));
        foreach (var (a, b) in expected.Floats.Zip(found.Floats))
            b.Should().Equal(a);
        found.DWeights[(2 * 4 * 9)..].Should().OnlyContain(v => v == 0f);
        found.DGates[8..].Should().OnlyContain(v => v == 0f, "a source of length 0 has nothing to copy");
    }

    [Fact]
    public void A_weight_that_is_no_number_is_seen_in_the_result()
    {
        var mixture = new Mixture(1, 1, 5, 3, hasLengths: false);
        mixture.Weights[1] = float.NaN;
        mixture.Run(1).Y[mixture.Tokens[1]].Should().Be(float.NaN);
    }

    [Fact]
    public void Wrong_operands_are_named()
    {
        using var arena = new Arena();
        var numbers = arena.Put(new float[24]);
        CopyMixtureArguments Arguments(int[] tokens, int[] lengths, int vocabulary = 4) => new()
        {
            Batch = 2,
            Steps = 3,
            Vocabulary = vocabulary,
            SourceLength = 3,
            Logits = numbers,
            Weights = numbers,
            Gates = numbers,
            Tokens = arena.PutIndices(tokens),
            Lengths = arena.PutIndices(lengths),
            LogProbabilities = arena.Output(24),
            Normalizers = arena.Output(12),
        };
        arena.Backend.Invoking(b => b.CopyMixture(Arguments([0, 1, 2, 3, 4, 0], [3, 2]))).Should().Throw<ArgumentException>()
            .WithMessage("CopyMixture: the tokens of sources*[0, V) = [0, 4)*source 1 has 4 at position 1.*one vocabulary.");
        arena.Backend.Invoking(b => b.CopyMixture(Arguments([0, 1, 2, 3, 3, 0], [3, 4]))).Should().Throw<ArgumentException>()
            .WithMessage("CopyMixture: lengths should lie in [0, S] = [0, 3]; that of source 1 is 4.");
        arena.Backend.Invoking(b => b.CopyMixture(Arguments([0, 1, 2, 3, 3, 0], [3, 3], 5))).Should().Throw<ArgumentException>()
            .WithMessage("CopyMixture: logits should hold (6, 5) = 30 elements; got 24.");
        arena.Backend.Invoking(b => b.CopyMixture(Arguments([], [], 0))).Should().Throw<ArgumentException>()
            .WithMessage("CopyMixture: there should be at least 1 token in the vocabulary; got 0.");
        arena.Backend.Invoking(b => b.CopyMixtureGradient(Arguments([0, 1, 2, 3, 3, 0], [3, 3]),
            new() { DLogProbabilities = numbers, DGates = arena.Output(5) })).Should().Throw<ArgumentException>()
            .WithMessage("CopyMixtureGradient: dGates should hold (6, 1) = 6 elements; got 5.");
    }

    private static double[] Expected(Mixture mixture) =>
    [
        .. Enumerable.Range(0, mixture.Gates.Length).SelectMany(r => Definition.CopyMixture(
            ToDouble(mixture.Logits[(r * mixture.Vocabulary)..((r + 1) * mixture.Vocabulary)]),
            ToDouble(mixture.Weights[(r * mixture.Positions)..((r + 1) * mixture.Positions)]),
            mixture.Tokens.AsSpan(r / mixture.Steps * mixture.Positions, mixture.Positions), mixture.Gates[r])),
    ];
}
