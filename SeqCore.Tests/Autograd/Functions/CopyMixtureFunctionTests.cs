using SeqCore.Kernels;
using SeqCore.Tests.Models;

namespace SeqCore.Tests.Autograd.Functions;

public class CopyMixtureFunctionTests
{
    private const int B = 2, T = 3, V = 6, S = 4;
    private static readonly int[,] Tokens = { { 5, 1, 5, 0 }, { 2, 2, -100, -100 } };
    private static readonly int[] Ends = [4, 2];

    private static Tensor[] Inputs => [Samples.Of(1, B, T, V), Samples.Of(2, B, T, S).Softmax(), Samples.Of(3, B, T)];

    [Fact]
    public void Result_and_gradient_match_the_definition_in_double() =>
        GradientCheck.Run(
            v => v[0].CopyMixture(v[1], v[2], IndexTensor.FromArray(Tokens), IndexTensor.FromArray(Ends)),
            v => [.. Enumerable.Range(0, B * T).SelectMany(r => Row(v, r))], Inputs,
            new GradientCheckOptions { RelativeTolerance = 1e-5, AbsoluteTolerance = 1e-5 });

    [Fact]
    public void Gradient_through_views_and_a_loss_matches_finite_differences()
    {
        int[,] tokens = { { 5, 1, 5, 0 }, { 2, 2, 3, 1 } }, targets = { { 5, 4, 0 }, { 2, 0, 1 } };
        GradientCheck.Run(
            v => v[0].Transpose(1, 2).CopyMixture(v[1].Transpose(1, 2).Softmax(), v[2].Transpose(), IndexTensor.FromArray(tokens))
                .CrossEntropy(IndexTensor.FromArray(targets)) + v[0].Sum(),
            [Samples.Of(1, B, V, T), Samples.Of(2, B, S, T), Samples.Of(3, T, B)]);
    }

    [Fact]
    public void Log_probabilities_are_their_own_log_softmax()
    {
        var v = Inputs;
        var y = new Variable(v[0]).CopyMixture(v[1], v[2], IndexTensor.FromArray(new[,] { { 5, 1, 5, 0 }, { 2, 2, 3, 1 } }));
        y.LogSoftmax().Value.ShouldBeCloseTo(y.Value, 1e-5f, "log softmax");
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        Variable x = Samples.Of(1, B, T, V), a = Samples.Of(2, B, T, S), g = Samples.Of(3, B, T);
        var tokens = IndexTensor.FromArray(new[,] { { 5, 1, 5, 0 }, { 2, 2, 3, 1 } });
        x[0].Invoking(v => v.CopyMixture(a, g, tokens)).Should().Throw<ShapeException>()
            .WithMessage("CopyMixture: logits should have shape (B, T, V)*; got (3, 6). Hint: *Unsqueeze(1)*");
        x.Invoking(v => v.CopyMixture(a, g, tokens.Transpose())).Should().Throw<ShapeException>()
            .WithMessage("CopyMixture: tokens should have shape (B, S) = (2, S) because*; got (4, 2).");
        x.Invoking(v => v.CopyMixture(a.Unsqueeze(1), g, tokens)).Should().Throw<ShapeException>()
            .WithMessage("CopyMixture: weights should have shape (B, T, S) = (2, 3, 4)*got (2, 1, 3, 4). Hint: take one head*");
        x.Invoking(v => v.CopyMixture(a, g.Unsqueeze(-1), tokens)).Should().Throw<ShapeException>()
            .WithMessage("CopyMixture: gate should have shape (B, T) = (2, 3)*got (2, 3, 1). Hint: *Squeeze(-1)*");
        x.Invoking(v => v.CopyMixture(a, g, tokens, IndexTensor.FromArray([1]))).Should().Throw<ShapeException>()
            .WithMessage("CopyMixture: lengths should have shape (B,) = (2,)*got (1,).");
        x.Invoking(v => v.CopyMixture(a, g, IndexTensor.FromArray(new[,] { { 6, 1, 5, 0 }, { 2, 2, 3, 1 } }))).Should()
            .Throw<ArgumentException>().WithMessage("CopyMixture: the tokens of sources*source 0 has 6 at position 0.*");
    }

    private static double[] Row(double[][] v, int r)
    {
        var (b, length) = (r / T, Ends[r / T]);
        int[] tokens = [.. Enumerable.Range(0, length).Select(i => Tokens[b, i])];
        return Definition.CopyMixture(v[0].AsSpan(r * V, V), v[1].AsSpan(r * S, length), tokens, v[2][r]);
    }
}
