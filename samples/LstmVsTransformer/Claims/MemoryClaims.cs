using SeqCore.Samples.LstmVsTransformer.Contenders;
using SeqCore.Samples.LstmVsTransformer.Measuring;
using SeqCore.Samples.LstmVsTransformer.Report;
using SeqCore.Samples.LstmVsTransformer.Results;

namespace SeqCore.Samples.LstmVsTransformer.Claims;

/// <summary>Claims about memory.</summary>
internal static class MemoryClaims
{
    internal static Claim State(MemoryResult? memory)
    {
        const string rule = "Exponents of what a stream holds, between the two greatest numbers of tokens. Confirmed: at most"
            + " 0.05 for the LSTM and 0.5 or more for the Transformer; partly: the Transformer's is greater; else refuted.";
        var (lstm, transformer) = (Find(memory?.State, Contender.LstmName), Find(memory?.State, Contender.TiledName));
        var (p, q) = (End(lstm), End(transformer));
        return new Claim("mechanism", "An LSTM carries a state of one size; a Transformer keeps every position.", Words(lstm),
            Words(transformer), p is null || q is null ? Verdict.NotMeasured : Claim.Decide(p <= 0.05 && q >= 0.5, q > p), rule);
    }

    internal static Claim Tiling(MemoryResult? memory)
    {
        const string rule = "Exponents of the memory of inference between the two longest lengths. Confirmed: 1.7 or more for T x"
            + " T and 1.2 at most for the tiled form; partly: the tiled form's is less; else refuted.";
        var (whole, tiled) = (Find(memory?.Inference, Contender.WholeMatrixName), Find(memory?.Inference, Contender.TiledName));
        var (p, q) = (End(whole), End(tiled));
        return new Claim("scalability", "Attention needs memory for T x T weights, unless it is tiled.",
            $"{Figures.Power(End(Find(memory?.Inference, Contender.LstmName)))}"
                + $" ({Words(Find(memory?.Inference, Contender.LstmName))})",
            p is null || q is null
                ? "-"
                : $"T x T {Figures.Power(p)} ({Words(whole)}), tiled {Figures.Power(q)} ({Words(tiled)})",
            p is null || q is null ? Verdict.NotMeasured : Claim.Decide(p >= 1.7 && q <= 1.2, q < p), rule);
    }

    internal static Claim Training(MemoryResult? memory)
    {
        const string rule = "Memory of forward and backward at the longest length that both have, the Transformer's attention"
            + " tiled. Confirmed: the Transformer takes 1.1 times as much or more; partly: more; else refuted.";
        var (lstm, transformer) = (Find(memory?.Training, Contender.LstmName), Find(memory?.Training, Contender.TiledName));
        var length = lstm?.Points.LastOrDefault(p => transformer?.At(p.X) is not null).X;
        var (a, b) = (length is { } l ? lstm!.At(l) : null, length is { } m ? transformer!.At(m) : null);
        return new Claim("training efficiency", "Transformers need more memory to train.", Words(lstm), Words(transformer),
            a is null || b is null ? Verdict.NotMeasured : Claim.Decide(b >= 1.1 * a, b > a), rule);
    }

    private static string Words(Curve? curve) =>
        curve?.Last is { } last ? $"{Figures.Bytes(last.Y)} at {Figures.Count(last.X)}" : "-";

    private static Curve? Find(IReadOnlyList<Curve>? curves, string model) =>
        curves?.FirstOrDefault(c => c.Model == model && c.Points.Count > 0);

    private static double? End(Curve? curve) => curve is null ? null : PowerLaw.AtTheEnd(curve.Points);
}
