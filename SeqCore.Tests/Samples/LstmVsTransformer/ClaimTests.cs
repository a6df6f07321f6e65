using SeqCore.Samples.LstmVsTransformer;

namespace SeqCore.Tests.Samples.LstmVsTransformer;

public class ClaimTests
{
    private const string AtOnce = "Transformers learn recall at once and LSTMs fail.";

    private const Contender A = Contender.Gru, B = Contender.Rnn;

    private static readonly RecallResult recall = FixtureStudy.AsTheFieldSays.Recall!.Result;

    [Fact]
    public void Figures_as_the_field_says_confirm_every_claim() => Says(FixtureStudy.AsTheFieldSays, Verdict.Confirmed);

    [Fact]
    public void Figures_of_the_contrary_refute_every_claim() => Says(FixtureStudy.AsTheFieldDoesNotSay, Verdict.Refuted);

    [Fact]
    public void Without_figures_there_is_no_verdict() => Says(Study.Empty, Verdict.NotMeasured);

    [Fact]
    public void Every_claim_has_a_rule_and_every_aspect_of_the_field_has_one()
    {
        var claims = Claim.All;
        claims.Should().OnlyContain(c => c.Rule.Contains("onfirmed", StringComparison.Ordinal)
            && c.Rule.Contains("partly", StringComparison.Ordinal) && c.Rule.Contains("refuted", StringComparison.Ordinal));
        claims.Select(c => c.Says).Should().OnlyHaveUniqueItems();
        claims.Select(c => c.Aspect).Should().Contain(["mechanism", "long-term dependencies", "parallelism",
            "training efficiency", "gradient behaviour", "scalability",
            "interpretability", "positional information", "suitability by task"]);
    }

    [Theory]
    [InlineData(400.0, 100.0, nameof(Verdict.Partly))]
    [InlineData(100.0, 100.0, nameof(Verdict.Refuted))]
    [InlineData(100.0, 400.0, nameof(Verdict.Refuted))]
    [InlineData(null, 100.0, nameof(Verdict.Confirmed))]
    [InlineData(100.0, null, nameof(Verdict.Refuted))]
    [InlineData(null, null, nameof(Verdict.Refuted))]
    public void Recall_at_once_means_at_every_length_tried(double? lstm, double? transformer, string verdict) =>
        Weigh(AtOnce, Recall(TaskKind.RememberFirst, (Contender.LstmForgetOne, (int?)lstm),
            (Contender.Transformer, (int?)transformer))).Verdict.ToString().Should().Be(verdict);

    [Fact]
    public void Reaching_further_without_reaching_the_end_is_partly_recall_at_once()
    {
        RecallResult result = recall with
        {
            Runs =
            [
                FixtureStudy.Run(TaskKind.RememberFirst, 10, Contender.LstmForgetOne, 0, 100),
                FixtureStudy.Run(TaskKind.RememberFirst, 10, Contender.Transformer, 0, 200),
                FixtureStudy.Run(TaskKind.RememberFirst, 50, Contender.LstmForgetOne, 0, null),
                FixtureStudy.Run(TaskKind.RememberFirst, 50, Contender.Transformer, 0, 200),
                FixtureStudy.Run(TaskKind.RememberFirst, 99, Contender.LstmForgetOne, 0, null),
                FixtureStudy.Run(TaskKind.RememberFirst, 99, Contender.Transformer, 0, null),
            ],
        };
        Weigh(AtOnce, result).Verdict.Should().Be(Verdict.Partly);
    }

    [Theory]
    [InlineData(100.0, 50.0, nameof(Verdict.Refuted))]
    [InlineData(50.0, 100.0, nameof(Verdict.Confirmed))]
    [InlineData(100.0, null, nameof(Verdict.Confirmed))]
    [InlineData(null, null, nameof(Verdict.NotMeasured))]
    public void Adding_is_judged_by_the_steps(double? lstm, double? transformer, string verdict) =>
        Weigh("LSTMs suit adding up along the way.", Recall(TaskKind.Adding, (Contender.LstmForgetOne, (int?)lstm),
            (Contender.Transformer, (int?)transformer))).Verdict.ToString().Should().Be(verdict);

    [Fact]
    public void A_crossing_makes_it_partly_true()
    {
        var speed = FixtureStudy.AsTheFieldSays.Speed!.Result with
        {
            Tokens = [new Curve(Contender.Lstm, [new(16, 1e-4), new(4096, 1e-4)]),
                new Curve(Contender.TransformerTiled, [new(16, 5e-5), new(4096, 8e-4)])],
        };
        var claim = Weigh("LSTMs are faster at inference, token by token.", speed);
        claim.Verdict.Should().Be(Verdict.Partly);
        claim.Transformer.Should().Contain("from 64 on the LSTM is faster");
    }

    [Fact]
    public void One_thread_says_nothing_about_cores()
    {
        var speed = FixtureStudy.AsTheFieldSays.Speed!.Result;
        Weigh("Transformers make better use of more cores.", speed with { Cores = speed.Cores with { Threads = 1 } })
            .Verdict.Should().Be(Verdict.NotMeasured);
    }

    [Fact]
    public void Steps_are_medians_of_the_seeds()
    {
        RecallResult result = recall with
        {
            Runs =
            [
                FixtureStudy.Run(TaskKind.Copy, 20, A, 0, 100), FixtureStudy.Run(TaskKind.Copy, 20, A, 1, null),
                FixtureStudy.Run(TaskKind.Copy, 20, A, 2, 200),
                FixtureStudy.Run(TaskKind.Copy, 30, A, 0, null), FixtureStudy.Run(TaskKind.Copy, 30, A, 1, null),
                FixtureStudy.Run(TaskKind.Copy, 30, A, 2, 200),
            ],
        };
        result.Steps(TaskKind.Copy, 20, A).Should().Be(200);
        result.Steps(TaskKind.Copy, 30, A).Should().Be(double.PositiveInfinity);
        result.Steps(TaskKind.Copy, 20, B).Should().BeNull();
        result.Longest(TaskKind.Copy, A).Should().Be(20);
        result.Longest(TaskKind.Copy, B).Should().BeNull();
        result.Words(TaskKind.Copy, 30, A).Should().Be("not within 400 steps at length 30 (accuracy 13.0 %)");
    }

    [Fact]
    public void The_better_learning_rate_counts()
    {
        RecallResult result = recall with
        {
            Runs =
            [
                FixtureStudy.Run(TaskKind.Copy, 20, A, 0, 300, rate: 0.003f),
                FixtureStudy.Run(TaskKind.Copy, 20, A, 1, 250, rate: 0.003f),
                FixtureStudy.Run(TaskKind.Copy, 20, A, 0, 100), FixtureStudy.Run(TaskKind.Copy, 20, A, 1, null),
                FixtureStudy.Run(TaskKind.Copy, 20, B, 0, 300, rate: 0.003f), FixtureStudy.Run(TaskKind.Copy, 20, B, 0, 100),
            ],
        };
        result.Of(TaskKind.Copy, 20, A).Should().HaveCount(2).And.OnlyContain(r => r.LearningRate == 0.003f);
        result.Steps(TaskKind.Copy, 20, A).Should().Be(275);
        result.Of(TaskKind.Copy, 20, B).Should().ContainSingle().Which.LearningRate.Should().Be(0.01f);
    }

    private static void Says(Study study, Verdict verdict) =>
        Claim.All.Select(c => (c.Says, Found: c.Weigh(study))).Where(c => c.Found.Verdict != verdict)
            .Select(c => $"{c.Says} {c.Found.Verdict}: {c.Found.Lstm} / {c.Found.Transformer}").Should().BeEmpty();

    private static Evidence Weigh(string claim, RecallResult recall) =>
        Weigh(claim, Study.Empty with { Recall = FixtureStudy.Part(recall) });

    private static Evidence Weigh(string claim, SpeedResult speed) =>
        Weigh(claim, Study.Empty with { Speed = FixtureStudy.Part(speed) });

    private static Evidence Weigh(string claim, Study study) => Claim.All.Single(c => c.Says == claim).Weigh(study);

    private static RecallResult Recall(TaskKind kind, params (Contender Model, int? LearnedAt)[] runs) => recall with
    {
        Runs = [.. from run in runs
                   from seed in Enumerable.Range(0, 3)
                   select FixtureStudy.Run(kind, 50, run.Model, seed, run.LearnedAt)],
    };
}
