using System.Globalization;
using System.Text.Json;
using SeqCore.Models;

namespace SeqCore.Tests.Models.Metrics;

/// <summary>The values that the tests of sacreBLEU and rouge-score publish; skipped without the folder of data sets.</summary>
public class PublishedScoreTests
{
    private static readonly BleuOptions plain = new() { Tokenization = MetricTokenization.None };

    [Fact]
    public void Corpus_BLEU()
    {
        var file = DataFolder.Json("metrics", "sacrebleu_bleu.json");
        foreach (var item in Cases(file, "raw_bleu ("))
        {
            Check(item, plain with { Smoothing = BleuSmoothing.Floor, SmoothingValue = 0.01 },
                100 * item.GetProperty("expected").GetDouble());
        }

        foreach (var item in Cases(file, "raw_bleu_short"))
        {
            Check(item, plain with { Smoothing = BleuSmoothing.Floor, SmoothingValue = 0.01, EffectiveOrder = true },
                100 * item.GetProperty("expected").GetDouble());
        }

        foreach (var item in Cases(file, "corpus_bleu"))
            Check(item, Options(item.GetProperty("kwargs")), item.GetProperty("expected").GetDouble(), 1e-6);
        foreach (var item in Cases(file, "offset"))
        {
            var floor = plain with { Smoothing = BleuSmoothing.Floor };
            Check(item, floor, 100 * item.GetProperty("expected_with_offset").GetDouble());
            Check(item, floor with { SmoothingValue = 0 }, 100 * item.GetProperty("expected_without_offset").GetDouble());
        }

        foreach (var item in Cases(file, "max_ngram_order"))
        {
            var score = Score(item, new BleuOptions { MaximumOrder = item.GetProperty("order").GetInt32() });
            score.ToString("0.00", CultureInfo.InvariantCulture).Should().Be(item.GetProperty("expected").GetString());
        }

        static void Check(JsonElement item, BleuOptions options, double expected, double tolerance = 1e-6) =>
            Score(item, options).Should().BeApproximately(expected, tolerance, item.ToString());

        static double Score(JsonElement item, BleuOptions options) =>
            new Bleu(options).Score(item.GetProperty("hyps").Texts(), Transposed(item.GetProperty("refs_streams")));
    }

    [Fact]
    public void Sentence_BLEU()
    {
        var file = DataFolder.Json("metrics", "sacrebleu_sentence_bleu.json");
        foreach (var item in file.GetProperty("cases").EnumerateArray().Concat(file.GetProperty("zero").EnumerateArray()))
        {
            var options = Options(item) with { EffectiveOrder = true };
            new Bleu(options).Score([item.GetProperty("hyp").GetString()!], [item.GetProperty("refs").Texts()]).Should()
                .BeApproximately(item.GetProperty("expected").GetDouble(), 1e-3, item.ToString());
        }
    }

    [Theory]
    [InlineData("sentence", 2, true, false)]
    [InlineData("corpus (", 3, true, false)]
    [InlineData("corpus_effective", 3, false, false)]
    [InlineData("keep_whitespace", 3, true, true)]
    public void Character_F_scores(string name, int beta, bool smooths, bool keeps)
    {
        var file = DataFolder.Json("metrics", "sacrebleu_chrf.json");
        var chrf = new Chrf(new ChrfOptions { Beta = beta, SmoothsOrders = smooths, KeepsSpaces = keeps });
        foreach (var item in Cases(file, name))
        {
            var written = item[0].ValueKind == JsonValueKind.String ? [item[0].GetString()!] : item[0].Texts();
            chrf.Score(written, [.. item[1].Texts()]).Should().BeApproximately(item[2].GetDouble(), 1e-4, item.ToString());
        }
    }

    [Fact]
    public void Edit_rates()
    {
        foreach (var item in DataFolder.Json("metrics", "sacrebleu_ter.json").GetProperty("cases").EnumerateArray())
        {
            new TranslationEditRate().Score(item[0].Texts(), item[1].Texts()).Should()
                .BeApproximately(100 * item[2].GetDouble(), 1e-3, item.ToString());
        }
    }

    [Fact]
    public void Summaries()
    {
        foreach (var item in DataFolder.Json("metrics", "rouge_score.json").GetProperty("cases").EnumerateArray())
        {
            var kind = Enum.Parse<RougeKind>(item.GetProperty("type").GetString()!, ignoreCase: true);
            var score = new Rouge(kind, item.GetProperty("use_stemmer").GetBoolean())
                .Compare(item.GetProperty("prediction").GetString()!, item.GetProperty("target").GetString()!);
            var tolerance = item.GetProperty("tol").GetDouble();
            Check("recall", score.Recall);
            Check("precision", score.Precision);
            Check("fmeasure", score.F1);

            void Check(string part, double actual)
            {
                if (item.GetProperty(part).ValueKind == JsonValueKind.Number)
                    actual.Should().BeApproximately(item.GetProperty(part).GetDouble(), tolerance, $"{part} of {item}");
            }
        }
    }

    private static IEnumerable<JsonElement> Cases(JsonElement file, string name) =>
        file.EnumerateObject().Single(p => p.Name.StartsWith(name, StringComparison.Ordinal)).Value.EnumerateArray();

    /// <summary>From the references of each stream to those of each text.</summary>
    private static string[][] Transposed(JsonElement streams)
    {
        var all = streams.EnumerateArray().Select(s => s.Texts()).ToList();
        return [.. Enumerable.Range(0, all[0].Length).Select(i => all.Select(s => s[i]).ToArray())];
    }

    private static BleuOptions Options(JsonElement item) => new()
    {
        Tokenization = Text(item, "tokenize") switch
        {
            null or "13a" => MetricTokenization.ThirteenA,
            "intl" => MetricTokenization.International,
            "char" => MetricTokenization.Character,
            "none" => MetricTokenization.None,
            var other => throw new FormatException(other),
        },
        Smoothing = Text(item, "smooth_method") switch
        {
            null or "exp" => BleuSmoothing.Exponential,
            "none" => BleuSmoothing.None,
            "floor" => BleuSmoothing.Floor,
            "add-k" => BleuSmoothing.AddK,
            var other => throw new FormatException(other),
        },
        SmoothingValue = item.TryGetProperty("smooth_value", out var value) && value.ValueKind == JsonValueKind.Number
            ? value.GetDouble()
            : null,
        Lowercase = item.TryGetProperty("lowercase", out var lower) && lower.GetBoolean(),
    };

    private static string? Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out var text) ? text.GetString() : null;
}
