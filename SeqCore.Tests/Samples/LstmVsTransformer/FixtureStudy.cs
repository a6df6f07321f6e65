using SeqCore.Samples.LstmVsTransformer;

namespace SeqCore.Tests.Samples.LstmVsTransformer;

/// <summary>Made-up studies: one in which everything is as the field says, and one in which nothing is.</summary>
internal static class FixtureStudy
{
    private static readonly double[] lengths = [64, 256, 1024, 4096];

    internal static Study AsTheFieldSays { get; } = new(
        Part(new SpeedResult(
            [new ModelSize(Contender.Lstm, 10, 1000), new ModelSize(Contender.TransformerTiled, 8, 1010)], 128,
            [Curve(Contender.Lstm, n => 1e-4 * n), Curve(Contender.TransformerWholeMatrix, n => 2e-8 * n * n),
                Curve(Contender.TransformerTiled, n => 1e-8 * n * n), Curve(Contender.TransformerWindow, n => 1e-6 * n)],
            [Curve(Contender.Lstm, n => 1e-3 * n), Curve(Contender.TransformerTiled, n => 3e-8 * n * n)],
            [Curve(Contender.Lstm, _ => 1e-5), Curve(Contender.TransformerTiled, n => 2e-4 + 1e-7 * n)],
            new CoreGains(1024, 2, [new Gain(Contender.Lstm, 1.1), new Gain(Contender.TransformerTiled, 1.9)]))),
        Part(new MemoryResult(
            [], 128,
            [Curve(Contender.Lstm, n => 1e3 * n), Curve(Contender.TransformerWholeMatrix, n => 8 * n * n),
                Curve(Contender.TransformerTiled, n => 2e3 * n)],
            [Curve(Contender.Lstm, n => 1e4 * n), Curve(Contender.TransformerTiled, n => 3e4 * n)],
            [Curve(Contender.Lstm, _ => 1e3), Curve(Contender.TransformerTiled, n => 1e3 * n)])),
        Part(Recall(
            0.9,
            First(10, (Contender.Rnn, null), (Contender.LstmForgetZero, null), (Contender.LstmForgetOne, 100),
                (Contender.BidirectionalLstm, 50), (Contender.AttentiveLstm, 60), (Contender.Transformer, 75)),
            First(100, (Contender.Rnn, null), (Contender.LstmForgetZero, null), (Contender.LstmForgetOne, null),
                (Contender.BidirectionalLstm, 50), (Contender.AttentiveLstm, 60), (Contender.Transformer, 100)),
            Task(TaskKind.Copy, 20, (Contender.LstmForgetOne, null), (Contender.Transformer, 100)),
            Task(TaskKind.Adding, 20, (Contender.LstmForgetOne, 50), (Contender.Transformer, 100)),
            Task(TaskKind.AssociativeRecall, 9, (Contender.LstmForgetOne, null), (Contender.Transformer, 200)),
            Task(TaskKind.Positions, 20, (Contender.Encoder, 100), (Contender.EncoderNoPositions, null),
                (Contender.TransformerNoPositions, 150)))),
        Part(Gradients(rnn: 1e-20, zero: 1e-4, one: 0.2, four: 5, transformer: 0.9, growth: 100, clipped: 1)));

    internal static Study AsTheFieldDoesNotSay { get; } = new(
        Part(new SpeedResult(
            [], 128,
            [Curve(Contender.Lstm, n => 1e-9 * n * n), Curve(Contender.TransformerWholeMatrix, n => 1e-5 * n * n),
                Curve(Contender.TransformerTiled, n => 1e-5 * n * n), Curve(Contender.TransformerWindow, n => 1e-5 * n * n * n)],
            [Curve(Contender.Lstm, n => 1e-9 * n), Curve(Contender.TransformerTiled, n => 3e-8 * n)],
            [Curve(Contender.Lstm, _ => 1e-2), Curve(Contender.TransformerTiled, _ => 1e-3)],
            new CoreGains(1024, 2, [new Gain(Contender.Lstm, 1.9), new Gain(Contender.TransformerTiled, 1.1)]))),
        Part(new MemoryResult(
            [], 128,
            [Curve(Contender.Lstm, n => n), Curve(Contender.TransformerWholeMatrix, n => 8 * n),
                Curve(Contender.TransformerTiled, n => 2 * n * n)],
            [Curve(Contender.Lstm, n => 3e4 * n), Curve(Contender.TransformerTiled, n => 1e4 * n)],
            [Curve(Contender.Lstm, n => 1e3 * n), Curve(Contender.TransformerTiled, _ => 1e3)])),
        Part(Recall(
            0.011,
            First(10, (Contender.Rnn, 50), (Contender.LstmForgetZero, 50), (Contender.LstmForgetOne, 100),
                (Contender.BidirectionalLstm, 150), (Contender.AttentiveLstm, null), (Contender.Transformer, 200)),
            First(100, (Contender.Rnn, 50), (Contender.LstmForgetZero, 50), (Contender.LstmForgetOne, 100),
                (Contender.BidirectionalLstm, 150), (Contender.AttentiveLstm, null), (Contender.Transformer, 200)),
            Task(TaskKind.Copy, 20, (Contender.LstmForgetOne, 50), (Contender.Transformer, 100)),
            Task(TaskKind.Adding, 20, (Contender.LstmForgetOne, null), (Contender.Transformer, 100)),
            Task(TaskKind.AssociativeRecall, 9, (Contender.LstmForgetOne, 100), (Contender.Transformer, 200)),
            Task(TaskKind.Positions, 20, (Contender.Encoder, 100), (Contender.EncoderNoPositions, 50),
                (Contender.TransformerNoPositions, null)))),
        Part(Gradients(rnn: 0.5, zero: 0.09, one: 0.05, four: 0.01, transformer: 1e-5, growth: 0.5, clipped: 3)));

    internal static Part<T> Part<T>(T result) =>
        new("full", 1, new MachineDescription("2 logical cores, 512-bit vectors", 2, ".NET", "a system", "2026-01-01 00:00 UTC"),
            12.5, result);

    internal static TrainingRun Run(TaskKind kind, int length, Contender model, int seed, int? learnedAt, double? share = 0.9,
        float rate = 0.01f) => new(
            kind, kind.ToString(), length, model, 1000, rate, seed, 400, 0.125, learnedAt, 1,
            [new LearningPoint(25, 2, 0.1),
                new LearningPoint(learnedAt ?? 400, learnedAt is null ? 2 : 0.01, learnedAt is null ? 0.13 : 1)],
            learnedAt is not null && model == Contender.Transformer ? share : null, learnedAt is null ? null : 0.4);

    private static RecallResult Recall(double share,
        params (TaskKind Kind, int Length, (Contender Model, int? LearnedAt)[] Runs)[] tasks) => new(
            new LearningSettings { Seeds = 3 },
            [.. from task in tasks
                from run in task.Runs
                from seed in Enumerable.Range(0, 3)
                select Run(task.Kind, task.Length, run.Model, seed, run.LearnedAt, share)]);

    private static (TaskKind Kind, int Length, (Contender Model, int? LearnedAt)[] Runs) First(int length,
        params (Contender, int?)[] runs) => (TaskKind.RememberFirst, length, runs);

    private static (TaskKind Kind, int Length, (Contender Model, int? LearnedAt)[] Runs) Task(TaskKind kind, int length,
        params (Contender, int?)[] runs) => (kind, length, runs);

    // Every flow reaches its value at distance 100 and stays there.
    private static GradientResult Gradients(double rnn, double zero, double one, double four, double transformer, double growth,
        double clipped) => new(120, 4, 3, [
                Flow(Contender.Rnn, rnn), Flow(Contender.LstmForgetZero, zero), Flow(Contender.LstmForgetOne, one),
                Flow(Contender.LstmForgetFour, four), Flow(Contender.Transformer, transformer),
            ],
            [new Clip(Contender.RnnLargeWeights, 10, 2, clipped),
                new Clip(Contender.RnnLargeWeights, 100, 2 * growth, clipped)]);

    private static Flow Flow(Contender model, double value)
    {
        double[] values = [.. Enumerable.Range(0, 120).Select(d => d < 100 ? 1 : value)];
        return new Flow(model, values, values, values);
    }

    private static Curve Curve(Contender model, Func<double, double> value) =>
        new(model, [.. lengths.Select(n => new Point(n, value(n)))]);
}
