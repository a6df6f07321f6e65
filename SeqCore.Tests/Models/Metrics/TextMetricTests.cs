using SeqCore.Models;

namespace SeqCore.Tests.Models.Metrics;

public class TextMetricTests
{
    private static readonly TextMetric[] all =
    [
        new Bleu(), new Chrf(), new Chrf(new ChrfOptions { WordOrder = 2 }), new TranslationEditRate(), new Meteor(),
        new Rouge(RougeKind.Rouge1), new Rouge(RougeKind.Rouge2), new Rouge(RougeKind.RougeL), new Rouge(RougeKind.RougeLsum),
    ];

    [Fact]
    public void A_text_that_is_its_reference_has_the_best_score()
    {
        string[] texts = ["the cat sat on the mat", "a dog barked at a very old tree"];
        foreach (var metric in all)
        {
            metric.Score(texts, texts).Should()
                .BeApproximately(metric.IsHigherBetter ? 100 : 0, metric is Meteor ? 0.2 : 1e-9, metric.Name);
        }
    }

    [Fact]
    public void A_text_without_anything_in_common_has_the_worst_score()
    {
        foreach (var metric in all)
            metric.Score(["x y z"], ["a b c"]).Should().Be(metric.IsHigherBetter ? 0 : 100, metric.Name);
        foreach (var metric in all)
            metric.Score([""], ["a b c"]).Should().Be(metric.IsHigherBetter ? 0 : 100, metric.Name);
    }

    [Fact]
    public void Signatures_name_the_settings()
    {
        var version = $"version:seqcore-{typeof(TextMetric).Assembly.GetName().Version!.ToString(3)}";
        new Bleu().Signature().Should().Be($"nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|{version}");
        new Bleu(new BleuOptions
        {
            Lowercase = true, EffectiveOrder = true, Tokenization = MetricTokenization.International,
            Smoothing = BleuSmoothing.AddK,
        }).Signature(2).Should().Be($"nrefs:2|case:lc|eff:yes|tok:intl|smooth:add-k[1.00]|{version}");
        new Chrf().Signature().Should().Be($"nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|{version}");
        new TranslationEditRate().Signature().Should().Be($"nrefs:1|case:lc|tok:tercom|norm:no|punct:yes|asian:no|{version}");
        new Rouge(RougeKind.RougeL, usesStemmer: true).Signature().Should()
            .Be($"nrefs:1|case:lc|tok:rouge|stem:porter|{version}");
        new Meteor().Signature().Should().Contain("stages:exact+porter|alpha:0.9|beta:3|gamma:0.5");
    }

    // The matches and totals are counted by hand: 6 words, "am I am a character sequence" against "I am a symbol string sequence
    // a a" has 4 of 6 words, 2 of 5 pairs and 1 of 4 triples.
    [Fact]
    public void BLEU_says_what_it_is_made_of()
    {
        var details = new Bleu(new BleuOptions { Tokenization = MetricTokenization.None })
            .Details(["am I am a character sequence"], (string[])["I am a symbol string sequence a a"]);
        details.Precisions.Should().SatisfyRespectively(p => p.Should().BeApproximately(400 / 6.0, 1e-9),
            p => p.Should().BeApproximately(40, 1e-9), p => p.Should().BeApproximately(25, 1e-9),
            p => p.Should().BeApproximately(100 / 6.0, 1e-9));
        details.BrevityPenalty.Should().BeApproximately(Math.Exp(1 - 8 / 6.0), 1e-12);
        details.Score.Should().BeApproximately(
            Math.Exp(1 - 8 / 6.0) * Math.Pow(400 / 6.0 * 40 * 25 * 100 / 6.0, 0.25), 1e-9);
        details.ToString().Should().Be(
            "BLEU = 23.26 66.7/40.0/25.0/16.7 (BP = 0.717 ratio = 0.750 hyp_len = 6 ref_len = 8)");
    }

    [Theory]
    [InlineData(BleuSmoothing.None, null, 0)]
    [InlineData(BleuSmoothing.Exponential, null, 100 / 6.0)]
    [InlineData(BleuSmoothing.Floor, null, 10 / 3.0)]
    [InlineData(BleuSmoothing.Floor, 0.5, 50 / 3.0)]
    [InlineData(BleuSmoothing.AddK, null, 25.0)]
    [InlineData(BleuSmoothing.AddK, 0.5, 50 / 3.5)]
    public void Orders_without_a_match_are_smoothed(BleuSmoothing smoothing, double? value, double fourth)
    {
        var options = new BleuOptions { Smoothing = smoothing, SmoothingValue = value };
        new Bleu(options).Details(["am I am a character sequence"], (string[])["I am a symbol string sequence a a"]).Precisions[3]
            .Should().BeApproximately(fourth, 1e-9);
    }

    [Theory]
    [InlineData(MetricTokenization.ThirteenA, "Hello, world! It's 3,000.5 (e.g. 50% of A-B, 7-8).",
        "Hello , world ! It's 3,000.5 ( e . g . 50 % of A-B , 7 - 8 ) .")]
    [InlineData(MetricTokenization.ThirteenA, "a &amp; b &lt;c&gt; &quot;d&quot; wrapped-\nword\nnext",
        "a & b < c > \" d \" wrappedword next")]
    [InlineData(MetricTokenization.International, "Grüße: „ja“ – 3,5 € 😀!", "Grüße : „ ja “ – 3,5 € 😀 !")]
    [InlineData(MetricTokenization.Character, "ab c😀", "a b c 😀")]
    [InlineData(MetricTokenization.None, "a, b\u00a0c\u001cd", "a, b c d")]
    public void Words_are_split_as_by_the_scripts(MetricTokenization tokenization, string text, string words) =>
        string.Join(' ', MetricTokens.Of(text, tokenization)).Should().Be(words);

    [Fact]
    public void The_closest_reference_and_the_best_one_count()
    {
        // Lengths 2 and 4 are equally close to 3; the shorter one counts.
        new Bleu().Details(["a b c"], [["a b c d", "a b"]]).ReferenceLength.Should().Be(2);
        new TranslationEditRate().Score(["a b c"], [["a b d", "x y z"]]).Should().BeApproximately(100 / 3.0, 1e-9);
        new Rouge(RougeKind.Rouge1).Score(["a b"], [["x y", "a c"]]).Should().Be(50);
    }

    [Theory]
    [InlineData("d e f g h a b c", "a b c d e f g h", 1)]
    [InlineData("a b c d", "a x c d", 1)]
    [InlineData("a b c d", "a c d", 1)]
    [InlineData("c d a b x", "a b c d y", 2)]
    [InlineData("the A b", "THE a B", 0)]
    public void A_shift_of_words_is_one_edit(string written, string reference, int edits) =>
        new TranslationEditRate().Score([written], [reference]).Should()
            .BeApproximately(100.0 * edits / reference.Split(' ').Length, 1e-9);

    [Fact]
    public void Settings_of_TER_change_the_words()
    {
        Score("Yes, it's (2.5).", "yes it 's 2.5", new() { Normalizes = true, RemovesPunctuation = true }).Should().Be(0);
        Score("Yes", "yes", new() { IsCaseSensitive = true }).Should().Be(100);
        Score("7-8", "7 - 8", new() { Normalizes = true }).Should().Be(0);

        static double Score(string written, string reference, TranslationEditRateOptions options) =>
            new TranslationEditRate(options).Score([written], [reference]);
    }

    [Fact]
    public void Summaries_are_compared_by_sentence()
    {
        // The union of the common subsequences of "w1 w2 w3 w4 w5" is w1 w2 w3 w5, as in section 3.2 of Lin's paper.
        var sum = new Rouge(RougeKind.RougeLsum).Compare("w1 w2 w6 w7 w8\nw1 w3 w8 w9 w5", "w1 w2 w3 w4 w5");
        sum.Recall.Should().BeApproximately(4 / 5.0, 1e-12);
        sum.Precision.Should().BeApproximately(4 / 10.0, 1e-12);
        new Rouge(RougeKind.RougeL).Compare("police kill the gunman", "police killed the gunman").F1.Should().Be(0.75);
        new Rouge(RougeKind.Rouge1, usesStemmer: true).Compare("police killing", "police killed").F1.Should().Be(1);
    }

    [Fact]
    public void An_interval_holds_the_score_and_follows_the_seed()
    {
        string[] references = [.. Enumerable.Range(0, 40).Select(i => $"the {i} cats sat on mat {i}")];
        string[] written = [.. references.Select((r, i) => i % 3 == 0 ? r : $"some {i} cats sat on a mat")];
        foreach (var metric in all)
        {
            var interval = metric.Interval(written, references, samples: 200, seed: 3);
            interval.Score.Should().Be(metric.Score(written, references), metric.Name);
            interval.Low.Should().BeLessThan(interval.Score, metric.Name);
            interval.High.Should().BeGreaterThan(interval.Score, metric.Name);
            metric.Interval(written, references, samples: 200, seed: 3).Should().Be(interval, metric.Name);
        }

        new ScoreInterval(27.314, 26.8, 27.9).ToString().Should().Be("27.314 [26.80, 27.90]");
    }

    [Fact]
    public void The_bootstrap_of_a_mean_is_as_wide_as_its_standard_error()
    {
        // Of 400 numbers 0 and 1 in equal parts, the mean has the standard error 0.5 / 20.
        double[] values = [.. Enumerable.Range(0, 400).Select(i => i % 2)];
        var interval = Bootstrap.Interval(400, rows => rows.Average(r => values[r]), samples: 2000);
        interval.Score.Should().Be(0.5);
        interval.Low.Should().BeApproximately(0.5 - 1.96 * 0.025, 0.005);
        interval.High.Should().BeApproximately(0.5 + 1.96 * 0.025, 0.005);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        foreach (var metric in all)
        {
            metric.Invoking(m => m.Score([], (string[])[])).Should().Throw<ArgumentException>()
                .WithMessage("*at least one text*");
            metric.Invoking(m => m.Score(["a"], (string[])["a", "b"])).Should().Throw<ArgumentException>()
                .WithMessage("*got 1 texts and the references of 2*");
            metric.Invoking(m => m.Score(["a"], [[]])).Should().Throw<ArgumentException>()
                .WithMessage("*text 0 has no reference*");
        }

        Refused(() => new Bleu(new BleuOptions { MaximumOrder = 0 }), "*MaximumOrder*");
        Refused(() => new Bleu(new BleuOptions { SmoothingValue = -1 }), "*SmoothingValue*");
        Refused(() => new Chrf(new ChrfOptions { Beta = 0 }), "*Beta*");
        Refused(() => new Meteor(new MeteorOptions { Alpha = 1.5 }), "*Alpha*");
        Refused(() => new Rouge((RougeKind)9), "*kind*");
        Refused(() => Bootstrap.Interval(0, _ => 0), "*count*");
        Refused(() => Bootstrap.Interval(1, _ => 0, confidence: 1), "*confidence*");

        static void Refused(Action action, string message) =>
            action.Should().Throw<ArgumentException>().WithMessage(message);
    }
}
