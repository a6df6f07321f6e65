using System.Text.Json;
using SeqCore.Models;
using SeqCore.Tests.Goldens;

namespace SeqCore.Tests.Models.Metrics;

/// <summary>Scores of texts and stems of words, as NLTK computes them.</summary>
public class TextMetricGoldenTests
{
    private static readonly JsonElement golden = Golden.Read("text_metrics.json");

    [Fact]
    public void Stems_are_those_of_NLTK()
    {
        foreach (var word in golden.GetProperty("stems").EnumerateObject())
            PorterStemmer.Stem(word.Name).Should().Be(word.Value.GetString(), word.Name);
    }

    [Fact]
    public void METEOR_is_that_of_NLTK_without_synonyms()
    {
        var meteor = new Meteor();
        foreach (var item in golden.GetProperty("meteor").EnumerateArray())
        {
            var written = item.GetProperty("written").GetString()!;
            meteor.Score([written], [item.GetProperty("references").Texts()]).Should()
                .BeApproximately(100 * item.GetProperty("score").GetDouble(), 1e-9, written);
        }
    }

    [Fact]
    public void BLEU_without_smoothing_is_that_of_NLTK()
    {
        var bleu = new Bleu(new BleuOptions { Smoothing = BleuSmoothing.None });
        foreach (var item in golden.GetProperty("bleu").EnumerateArray())
        {
            var references = item.GetProperty("references").EnumerateArray().Select(r => r.Texts()).ToList();
            bleu.Score(item.GetProperty("written").Texts(), references).Should()
                .BeApproximately(100 * item.GetProperty("score").GetDouble(), 1e-9);
        }
    }
}

internal static class TextsOfJson
{
    internal static string[] Texts(this JsonElement array) => [.. array.EnumerateArray().Select(t => t.GetString()!)];
}
