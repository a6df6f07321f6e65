using SeqCore.Samples.Common;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>Claims about memory.</summary>
internal static class MemoryClaims
{
    internal static Claim[] All { get; } =
    [
        new("mechanism", "An LSTM carries a state of fixed size; a Transformer keeps every position.",
            "Exponents of what a stream holds, between the two largest numbers of tokens. Confirmed: at most"
                + " 0.05 for the LSTM and 0.5 or more for the Transformer; partly: the Transformer's is larger; else refuted.",
            From(memory =>
            {
                var (lstm, transformer) = (memory.State.Of(Contender.Lstm), memory.State.Of(Contender.TransformerTiled));
                var (p, q) = (lstm?.Exponent, transformer?.Exponent);
                return Evidence.Of(Words(lstm), Words(transformer), p is not null && q is not null, p <= 0.05 && q >= 0.5, q > p);
            })) { Chart = MemorySection.State },
        new("training efficiency", "Transformers need more memory to train.",
            "Memory of forward and backward at the longest length that both have, the Transformer's attention"
                + " tiled. Confirmed: the Transformer takes 1.1 times as much or more; partly: more; else refuted.",
            From(memory =>
            {
                var (lstm, transformer) = (memory.Training.Of(Contender.Lstm), memory.Training.Of(Contender.TransformerTiled));
                var length = lstm?.Points.LastOrDefault(p => transformer?.At(p.X) is not null).X ?? 0;
                var (a, b) = (lstm?.At(length), transformer?.At(length));
                return Evidence.Of(Words(lstm), Words(transformer), a is not null && b is not null, b >= 1.1 * a, b > a);
            })) { Chart = MemorySection.Training },
        new("scalability", "Attention needs memory for T x T weights, unless it is tiled.",
            "Exponents of the memory of inference between the two longest lengths. Confirmed: 1.7 or more for T x"
                + " T and 1.2 at most for tiles; partly: it is smaller for tiles; else refuted.",
            From(memory =>
            {
                var (lstm, whole, tiled) = (memory.Inference.Of(Contender.Lstm),
                    memory.Inference.Of(Contender.TransformerWholeMatrix), memory.Inference.Of(Contender.TransformerTiled));
                var (p, q) = (whole?.Exponent, tiled?.Exponent);
                var isMeasured = p is not null && q is not null;
                return Evidence.Of($"{Figures.Power(lstm?.Exponent)} ({Words(lstm)})", isMeasured
                    ? $"T x T {Figures.Power(p)} ({Words(whole)}), tiled {Figures.Power(q)} ({Words(tiled)})"
                    : "-", isMeasured, p >= 1.7 && q <= 1.2, q < p);
            })) { Chart = MemorySection.Inference },
    ];

    private static Func<Study, Evidence> From(Func<MemoryResult, Evidence> weigh) =>
        study => study.Memory is { } memory ? weigh(memory.Result) : Evidence.None;

    private static string Words(Curve? curve) =>
        curve?.Last is { } last ? $"{Figures.Bytes(last.Y)} at {Show.Count(last.X)}" : "-";
}
