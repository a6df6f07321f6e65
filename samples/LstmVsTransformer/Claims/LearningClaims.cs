using SeqCore.Samples.LstmVsTransformer.Contenders;
using SeqCore.Samples.LstmVsTransformer.Forms;
using SeqCore.Samples.LstmVsTransformer.Measuring;
using SeqCore.Samples.LstmVsTransformer.Report;
using SeqCore.Samples.LstmVsTransformer.Results;

namespace SeqCore.Samples.LstmVsTransformer.Claims;

/// <summary>Claims about what is learned, and how soon.</summary>
internal static class LearningClaims
{
    private const TaskKind First = TaskKind.RememberFirst;

    internal static Claim AtOnce(RecallResult? recall)
    {
        const string rule = "Remembering the first token; learned means by most seeds within the cap."
            + " Confirmed: the Transformer learned every length tried, and the LSTM (forget bias 1) failed at one or more;"
            + " partly: the Transformer learned a greater length than the LSTM, or the same one in fewer steps; else refuted.";
        var lengths = Learned.Lengths(recall, First);
        var (lstm, transformer) = (Learned.Longest(recall, First, Contender.ForgetOneName), Learned.Longest(recall, First,
            Contender.TransformerName));
        var verdict = lstm is null || transformer is null ? Verdict.NotMeasured : Claim.Decide(
            Learns(Contender.TransformerName) && !Learns(Contender.ForgetOneName),
            transformer > lstm || (transformer == lstm && Learned.Steps(recall, First, lstm.Value, Contender.TransformerName)
                < Learned.Steps(recall, First, lstm.Value, Contender.ForgetOneName)));
        return new Claim("long-term dependencies", "Transformers learn recall at once and LSTMs fail.",
            AtAll(recall, First, Contender.ForgetOneName), AtAll(recall, First, Contender.TransformerName), verdict, rule);

        bool Learns(string model) =>
            lengths.All(l => Learned.Steps(recall, First, l, model) is { } steps && double.IsFinite(steps));
    }

    internal static Claim BetterThanRnn(RecallResult? recall) =>
        Reaches(recall, "LSTMs remember longer than simple RNNs.", Contender.ForgetOneName, Contender.RnnName);

    internal static Claim ForgetBias(RecallResult? recall) =>
        Reaches(recall, "A forget bias of 1 lets an LSTM remember longer.", Contender.ForgetOneName, Contender.ForgetZeroName);

    internal static Claim Attention(RecallResult? recall) =>
        Reaches(recall, "Attention lets an LSTM reach further back.", Contender.AttentiveName, Contender.ForgetOneName);

    internal static Claim Bidirectional(RecallResult? recall) =>
        Reaches(recall, "Reading backwards too brings the beginning near.", Contender.BidirectionalName, Contender.ForgetOneName);

    internal static Claim FewerSteps(RecallResult? recall)
    {
        const string rule = "Over all tasks and lengths that the LSTM (forget bias 1) or the Transformer learned: who took fewer"
            + " steps in the median. Confirmed: the Transformer in three quarters of them or more; partly: in half or more;"
            + " else refuted.";
        var pairs = Enum.GetValues<TaskKind>().Where(k => k != TaskKind.Positions)
            .SelectMany(k => Learned.Lengths(recall, k).Select(l => (Lstm: Learned.Steps(recall, k, l, Contender.ForgetOneName),
                Transformer: Learned.Steps(recall, k, l, Contender.TransformerName))))
            .Where(p => p.Lstm is not null && p.Transformer is not null
                && double.IsFinite(Math.Min(p.Lstm.Value, p.Transformer.Value))).ToArray();
        var wins = pairs.Count(p => p.Transformer < p.Lstm);
        var losses = pairs.Count(p => p.Transformer > p.Lstm);
        return new Claim("training efficiency", "Transformers learn in fewer steps.", $"sooner in {losses} of {pairs.Length}",
            $"sooner in {wins} of {pairs.Length}",
            pairs.Length == 0 ? Verdict.NotMeasured : Claim.Decide(4 * wins >= 3 * pairs.Length, 2 * wins >= pairs.Length), rule);
    }

    internal static Claim Interpretability(RecallResult? recall)
    {
        const string rule = "In models that learned to remember the first token, at the longest length that the Transformer"
            + " learned: the weight that the last step gives to the first in its best head, median over seeds."
            + " Confirmed: 0.5 or more; partly: ten times an even share or more; else refuted."
            + " Of the LSTM, which has no weights to show, the share that the first input has of the gradient.";
        var length = Learned.Longest(recall, First, Contender.TransformerName) is > 0 and var l ? l : 0;
        var attention = Median(Learned.Of(recall, First, length, Contender.TransformerName).Where(r => r.LearnedAt is not null)
            .Select(r => r.AttentionShare));
        var reached = Learned.Longest(recall, First, Contender.ForgetOneName) is > 0 and var m ? m : 0;
        var gradient = Median(Learned.Of(recall, First, reached, Contender.ForgetOneName).Select(r => r.GradientShare));
        return new Claim("interpretability", "Attention shows what an answer rests on.",
            gradient is { } g
                ? $"{Figures.Share(g)} of the gradient at length {reached}, and no weights to look at"
                : "no weights to look at",
            attention is { } a ? $"{Figures.Share(a)} of a head's weight at length {length}" : "-",
            attention is null ? Verdict.NotMeasured : Claim.Decide(attention >= 0.5, attention >= 10.0 / length), rule);
    }

    internal static Claim Order(RecallResult? recall)
    {
        const string rule = "Remembering the first token with an encoder that sees all steps, with and without positions."
            + " Confirmed: learned with them, not without; partly: learned with both, in fewer steps with them; else refuted."
            + " Of the LSTM, which is given none, the longest length that it learned.";
        var length = Learned.Lengths(recall, TaskKind.Positions).LastOrDefault();
        var with = Learned.Steps(recall, TaskKind.Positions, length, Contender.EncoderName);
        var without = Learned.Steps(recall, TaskKind.Positions, length, Contender.EncoderNoPositionsName);
        return new Claim("positional information", "Recurrence knows the order by itself; attention has to be told.",
            Learned.Longest(recall, First, Contender.ForgetOneName) is { } longest
                ? $"learned up to length {longest} without positions"
                : "-",
            with is null ? "-" : $"with positions: {Learned.Words(recall, TaskKind.Positions, length, Contender.EncoderName)};"
                + $" without: {Learned.Words(recall, TaskKind.Positions, length, Contender.EncoderNoPositionsName)}",
            with is null || without is null ? Verdict.NotMeasured
                : Claim.Decide(double.IsFinite(with.Value) && double.IsInfinity(without.Value),
                    double.IsFinite(with.Value) && with < without), rule);
    }

    internal static Claim MaskTellsOrder(RecallResult? recall)
    {
        const string rule = "The same with a causal mask and no positions. Confirmed: learned;"
            + " partly: not learned, but twice as accurate as guessing or more; else refuted.";
        var length = Learned.Lengths(recall, TaskKind.Positions).LastOrDefault();
        var runs = Learned.Of(recall, TaskKind.Positions, length, Contender.NoPositionsName);
        var steps = Learned.Steps(recall, TaskKind.Positions, length, Contender.NoPositionsName);
        return new Claim("positional information", "A causal mask alone tells a Transformer the order.",
            Learned.Longest(recall, First, Contender.ForgetOneName) is { } longest
                ? $"learned up to length {longest} without either"
                : "-", Learned.Words(recall, TaskKind.Positions, length, Contender.NoPositionsName),
            steps is null ? Verdict.NotMeasured : Claim.Decide(double.IsFinite(steps.Value),
                Spread.Of(runs.Select(r => r.Accuracy)).Median >= 2 * runs[0].Chance), rule);
    }

    internal static Claim LooksUp(RecallResult? recall) => Suits(recall, "Transformers suit looking things up.",
        TaskKind.AssociativeRecall, Contender.TransformerName, Contender.ForgetOneName);

    internal static Claim Copies(RecallResult? recall) =>
        Suits(recall, "Transformers suit copying.", TaskKind.Copy, Contender.TransformerName, Contender.ForgetOneName);

    internal static Claim Adds(RecallResult? recall) =>
        Suits(recall, "LSTMs suit adding up along the way.", TaskKind.Adding, Contender.ForgetOneName, Contender.TransformerName);

    private static Claim Suits(RecallResult? recall, string says, TaskKind kind, string suited, string other)
    {
        const string rule = "Steps to learn the task, median of the seeds, at each length that one of the two learned. Confirmed:"
            + " fewer than the other's at all of them; partly: at some; refuted: at none. Not measured where neither learned it.";
        var lengths = Learned.Lengths(recall, kind);
        var pairs =
            lengths.Select(l => (Suited: Learned.Steps(recall, kind, l, suited), Other: Learned.Steps(recall, kind, l, other)))
                .Where(p => p.Suited is not null && p.Other is not null
                    && double.IsFinite(Math.Min(p.Suited.Value, p.Other.Value))).ToArray();
        return new Claim("suitability by task", says, AtAll(recall, kind, Contender.ForgetOneName),
            AtAll(recall, kind, Contender.TransformerName),
            pairs.Length == 0
                ? Verdict.NotMeasured
                : Claim.Decide(pairs.All(p => p.Suited < p.Other), pairs.Any(p => p.Suited < p.Other)), rule);
    }

    private static Claim Reaches(RecallResult? recall, string says, string further, string shorter)
    {
        const string rule = "The longest length at which most seeds learned to remember the first token. Confirmed: longer;"
            + " partly: the same, in fewer steps there; else refuted.";
        var (a, b) = (Learned.Longest(recall, First, further), Learned.Longest(recall, First, shorter));
        var measured = a is not null && b is not null && (a > 0 || b > 0);
        return new Claim("long-term dependencies", says, $"{further}: {Words(a, further)}; {shorter}: {Words(b, shorter)}",
            Words(Learned.Longest(recall, First, Contender.TransformerName), Contender.TransformerName),
            measured ? Claim.Decide(a > b, a == b && Learned.Steps(recall, First, a!.Value, further) < Learned.Steps(recall,
                First, a.Value, shorter)) : Verdict.NotMeasured, rule);

        string Words(int? length, string model) => length switch
        {
            null => "-",
            0 => "no length",
            _ => $"length {length} in {Figures.Count(Learned.Steps(recall, First, length.Value, model)!.Value)} steps",
        };
    }

    private static string AtAll(RecallResult? recall, TaskKind kind, string model) =>
        Learned.Lengths(recall, kind) is { Count: > 0 } lengths ? string.Join("; ",
            lengths.Select(l => Learned.Words(recall, kind, l, model))) : "-";

    private static double? Median(IEnumerable<double?> values)
    {
        var present = values.OfType<double>().ToArray();
        return present.Length == 0 ? null : Spread.Of(present).Median;
    }
}
