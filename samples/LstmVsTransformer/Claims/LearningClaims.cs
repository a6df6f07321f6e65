using SeqCore.Samples.Common;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>Claims about what is learned, and how soon.</summary>
internal static class LearningClaims
{
    private const TaskKind First = TaskKind.RememberFirst;

    internal static Claim[] All { get; } =
    [
        new("long-term dependencies", "Transformers learn recall at once and LSTMs fail.",
            "Remembering the first token; learned means by most seeds within the cap."
                + " Confirmed: the Transformer learned every length tried, and the LSTM (forget bias 1) failed at one or more;"
                + " partly: the Transformer learned a larger length than the LSTM, or the same one in fewer steps;"
                + " else refuted.",
            From(recall =>
            {
                var (lstm, transformer) = (Longest(recall, Contender.LstmForgetOne), Longest(recall, Contender.Transformer));
                return Evidence.Of(AtAll(recall, First, Contender.LstmForgetOne), AtAll(recall, First, Contender.Transformer),
                    lstm is not null && transformer is not null,
                    LearnsAll(Contender.Transformer) && !LearnsAll(Contender.LstmForgetOne),
                    IsFurther(recall, Contender.Transformer, Contender.LstmForgetOne));

                bool LearnsAll(Contender model) => recall.Lengths(First).All(l => recall.Learns(First, l, model));
            })),
        Reaches("LSTMs remember longer than simple RNNs.", Contender.LstmForgetOne, Contender.Rnn),
        Reaches("A forget bias of 1 lets an LSTM remember longer.", Contender.LstmForgetOne, Contender.LstmForgetZero),
        Reaches("Attention lets an LSTM reach further back.", Contender.AttentiveLstm, Contender.LstmForgetOne),
        Reaches("Reading backwards as well brings the beginning closer.", Contender.BidirectionalLstm, Contender.LstmForgetOne),
        new("training efficiency", "Transformers learn in fewer steps.",
            "Over all tasks and lengths that the LSTM (forget bias 1) or the Transformer learned: which took fewer"
                + " steps in the median. Confirmed: the Transformer in three quarters of them or more; partly: in half or more;"
                + " else refuted.",
            From(recall =>
            {
                var pairs = Enum.GetValues<TaskKind>().Where(k => k != TaskKind.Positions)
                    .SelectMany(k => Pairs(recall, k, Contender.Transformer, Contender.LstmForgetOne)).ToArray();
                var (wins, losses) = (pairs.Count(p => p.First < p.Second), pairs.Count(p => p.First > p.Second));
                return Evidence.Of($"sooner in {losses} of {pairs.Length}", $"sooner in {wins} of {pairs.Length}",
                    pairs.Length > 0, 4 * wins >= 3 * pairs.Length, 2 * wins >= pairs.Length);
            })),
        new("interpretability", "Attention shows what an answer rests on.",
            "In models that learned to remember the first token, at the longest length that the Transformer"
                + " learned: the weight that the last step gives to the first in its best head, median over seeds."
                + " Confirmed: 0.5 or more; partly: ten times an even share or more; else refuted."
                + " The LSTM has no weights; its figure is the share of the gradient that reaches the first input.",
            From(recall =>
            {
                var (length, reached) =
                    (Longest(recall, Contender.Transformer) ?? 0, Longest(recall, Contender.LstmForgetOne) ?? 0);
                var attention = Median(recall.Of(First, length, Contender.Transformer).Where(r => r.LearnedAt is not null)
                    .Select(r => r.AttentionShare));
                var gradient = Median(recall.Of(First, reached, Contender.LstmForgetOne).Select(r => r.GradientShare));
                return Evidence.Of(
                    gradient is { } g
                        ? $"{Figures.Share(g)} of the gradient at length {reached}, and no weights to show"
                        : "no weights to show",
                    attention is { } a ? $"{Figures.Share(a)} of a head's weight at length {length}" : "-",
                    attention is not null, attention >= 0.5, attention >= 10.0 / length);
            })),
        new("positional information", "Recurrence knows the order by itself; attention needs positions.",
            "Remembering the first token with an encoder that sees all steps, with and without positions."
                + " Confirmed: learned with them, not without; partly: learned with both, in fewer steps with them; else refuted."
                + " The LSTM has none; its figure is the longest length that it learned.",
            From(recall =>
            {
                var length = recall.Lengths(TaskKind.Positions).LastOrDefault();
                var with = recall.Steps(TaskKind.Positions, length, Contender.Encoder);
                var without = recall.Steps(TaskKind.Positions, length, Contender.EncoderNoPositions);
                return Evidence.Of(UpTo(recall, "without positions"), with is null
                    ? "-"
                    : $"with positions: {recall.Words(TaskKind.Positions, length, Contender.Encoder)};"
                        + $" without: {recall.Words(TaskKind.Positions, length, Contender.EncoderNoPositions)}",
                    with is not null && without is not null, double.IsFinite(with ?? 0) && double.IsInfinity(without ?? 0),
                    double.IsFinite(with ?? 0) && with < without);
            })),
        new("positional information", "A causal mask alone gives a Transformer the order.",
            "The same with a causal mask and no positions. Confirmed: learned;"
                + " partly: not learned, but twice as accurate as guessing or more; else refuted.",
            From(recall =>
            {
                var length = recall.Lengths(TaskKind.Positions).LastOrDefault();
                var runs = recall.Of(TaskKind.Positions, length, Contender.TransformerNoPositions);
                return Evidence.Of(UpTo(recall, "without either"),
                    recall.Words(TaskKind.Positions, length, Contender.TransformerNoPositions), runs.Count > 0,
                    recall.Learns(TaskKind.Positions, length, Contender.TransformerNoPositions),
                    runs.Count > 0 && Spread.Of(runs.Select(r => r.Accuracy)).Median >= 2 * runs[0].Chance);
            })),
        Suits("Transformers suit looking things up.", TaskKind.AssociativeRecall, Contender.Transformer,
            Contender.LstmForgetOne),
        Suits("Transformers suit copying.", TaskKind.Copy, Contender.Transformer, Contender.LstmForgetOne),
        Suits("LSTMs suit adding up along the way.", TaskKind.Adding, Contender.LstmForgetOne, Contender.Transformer),
    ];

    private static Claim Suits(string says, TaskKind kind, Contender suited, Contender other) => new("suitability by task", says,
        "Steps to learn the task, median of the seeds, at each length that one of the two learned. Confirmed:"
            + " fewer than the other's at all of them; partly: at some; refuted: at none. Not measured where neither learned it.",
        From(recall =>
        {
            var pairs = Pairs(recall, kind, suited, other);
            return Evidence.Of(AtAll(recall, kind, Contender.LstmForgetOne), AtAll(recall, kind, Contender.Transformer),
                pairs.Length > 0, pairs.All(p => p.First < p.Second), pairs.Any(p => p.First < p.Second));
        }));

    private static Claim Reaches(string says, Contender further, Contender shorter) => new("long-term dependencies", says,
        "The longest length at which most seeds learned to remember the first token. Confirmed: longer;"
            + " partly: the same, in fewer steps there; else refuted.",
        From(recall =>
        {
            var (a, b) = (Longest(recall, further), Longest(recall, shorter));
            return Evidence.Of($"{further.Name()}: {Words(further)}; {shorter.Name()}: {Words(shorter)}",
                Words(Contender.Transformer), a is not null && b is not null && (a > 0 || b > 0), a > b,
                IsFurther(recall, further, shorter));

            string Words(Contender model) => Longest(recall, model) switch
            {
                null => "-",
                0 => "no length",
                { } length => $"length {length} in {Show.Count(recall.Steps(First, length, model)!.Value)} steps",
            };
        }));

    private static Func<Study, Evidence> From(Func<RecallResult, Evidence> weigh) =>
        study => study.Recall is { } recall ? weigh(recall.Result) : Evidence.None;

    private static int? Longest(RecallResult recall, Contender model) => recall.Longest(First, model);

    /// <summary>Whether a model learned a greater length than another, or the same one in fewer steps.</summary>
    private static bool IsFurther(RecallResult recall, Contender further, Contender shorter)
    {
        var (a, b) = (Longest(recall, further), Longest(recall, shorter));
        return a > b || (a == b && a is { } length
            && recall.Steps(First, length, further) < recall.Steps(First, length, shorter));
    }

    /// <summary>The steps of two models at each length of a task that one of them learned.</summary>
    private static (double First, double Second)[] Pairs(RecallResult recall, TaskKind kind, Contender first, Contender second) =>
    [
        .. from length in recall.Lengths(kind)
           let a = recall.Steps(kind, length, first)
           let b = recall.Steps(kind, length, second)
           where a is not null && b is not null && double.IsFinite(Math.Min(a.Value, b.Value))
           select (a.Value, b.Value),
    ];

    private static string UpTo(RecallResult recall, string without) =>
        Longest(recall, Contender.LstmForgetOne) is { } longest ? $"learned up to length {longest} {without}" : "-";

    private static string AtAll(RecallResult recall, TaskKind kind, Contender model) =>
        recall.Lengths(kind) is { Count: > 0 } lengths
            ? string.Join("; ", lengths.Select(l => recall.Words(kind, l, model)))
            : "-";

    private static double? Median(IEnumerable<double?> values)
    {
        var present = values.OfType<double>().ToArray();
        return present.Length == 0 ? null : Spread.Of(present).Median;
    }
}
