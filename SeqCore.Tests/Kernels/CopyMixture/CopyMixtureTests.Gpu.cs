using SeqCore.Kernels;
using SeqCore.Tests.Kernels.Gpu;

namespace SeqCore.Tests.Kernels.CopyMixture;

[Collection(GpuCollection.Name)]
public class CopyMixtureGpuTests
{
    public static TheoryData<int, int, int, int> Sizes => new()
    {
        { 1, 1, 1, 1 }, { 3, 2, 5, 4 }, { 3, 3, 64, 17 }, { 2, 2, 130, 33 }, { 1, 2, 5000, 9 }, { 2, 0, 5, 4 }, { 0, 3, 5, 4 },
        { 2, 3, 5, 0 },
    };

    [Theory, MemberData(nameof(Sizes))]
    public void Devices_agree(int batch, int steps, int vocabulary, int positions)
    {
        foreach (var hasLengths in (bool[])[false, true])
            ShouldAgree(new Mixture(batch, steps, vocabulary, positions, hasLengths), 1e-5);
    }

    [Fact]
    public void Devices_agree_on_large_and_forbidden_logits()
    {
        var mixture = new Mixture(2, 3, 20, 6, hasLengths: true);
        for (var i = 0; i < mixture.Logits.Length; i++)
            mixture.Logits[i] = MathF.Round(mixture.Logits[i] * 20);
        for (var r = 0; r < 6; r++)
        {
            mixture.Logits[r * 20] = float.NegativeInfinity;
            mixture.DY[r * 20] = 0;
        }

        ShouldAgree(mixture, 1e-5);
    }

    [Fact]
    public void A_token_outside_the_vocabulary_is_reported_at_the_next_read()
    {
        using var pair = new DevicePair();
        DevicePair.Operand numbers = pair.Put(new float[24]), y = pair.Output(24), normalizers = pair.Output(12);
        pair.Gpu.CopyMixture(new()
        {
            Batch = 2,
            Steps = 3,
            Vocabulary = 4,
            SourceLength = 3,
            Logits = numbers.OnGpu,
            Weights = numbers.OnGpu,
            Gates = numbers.OnGpu,
            Tokens = pair.PutIndices(0, 1, 2, 3, 9, -100).OnGpu,
            Lengths = pair.PutIndices(3, 2).OnGpu,
            LogProbabilities = y.OnGpu,
            Normalizers = normalizers.OnGpu,
        });
        FluentActions.Invoking(() => pair.Read(y)).Should().Throw<ArgumentException>()
            .WithMessage("CopyMixture: the tokens*source 1 has 9 at position 1.*");
    }

    private static void ShouldAgree(Mixture mixture, double tolerance)
    {
        using var pair = new DevicePair();
        DevicePair.Operand logits = pair.Put(mixture.Logits), weights = pair.Put(mixture.Weights),
            gates = pair.Put(mixture.Gates), dY = pair.Put(mixture.DY);
        DevicePair.Operand y = pair.Output(mixture.Logits.Length), normalizers = pair.Output(2 * mixture.Gates.Length),
            dX = pair.Output(mixture.Logits.Length), dA = pair.Output(mixture.Weights.Length),
            dG = pair.Output(mixture.Gates.Length), dXAlone = pair.Output(mixture.Logits.Length);
        var tokens = pair.PutIndices(mixture.Tokens);
        var lengths = mixture.Lengths is null ? null : pair.PutIndices(mixture.Lengths);
        pair.Run((backend, at) =>
        {
            var arguments = new CopyMixtureArguments
            {
                Batch = mixture.Batch,
                Steps = mixture.Steps,
                Vocabulary = mixture.Vocabulary,
                SourceLength = mixture.Positions,
                Logits = at[logits],
                Weights = at[weights],
                Gates = at[gates],
                Tokens = at[tokens],
                Lengths = at[lengths],
                LogProbabilities = at[y],
                Normalizers = at[normalizers],
            };
            backend.CopyMixture(arguments);
            backend.CopyMixtureGradient(arguments,
                new() { DLogProbabilities = at[dY], DLogits = at[dX], DWeights = at[dA], DGates = at[dG] });
            backend.CopyMixtureGradient(arguments, new() { DLogProbabilities = at[dY], DLogits = at[dXAlone] });
        });
        (DevicePair.Operand Result, string Name)[] results =
            [(y, "y"), (normalizers, "normalizers"), (dX, "dX"), (dA, "dWeights"), (dG, "dGates"), (dXAlone, "dX alone")];
        foreach (var (result, name) in results)
            pair.ShouldAgree(result, tolerance, tolerance, name);
    }
}
