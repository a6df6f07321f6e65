using SeqCore.Models;

namespace SeqCore.Tests.Documentation;

public static partial class Examples
{
    public static void ConfusionMatrixExample()
    {
        // Example: T:SeqCore.Models.ConfusionMatrix
        var matrix = new ConfusionMatrix(["cat", "dog"]);
        matrix.Add("cat", predicted: "cat");
        matrix.Add("cat", predicted: "dog");
        matrix.Add("dog", predicted: "dog");
        Console.WriteLine($"{matrix.Accuracy:0.000}");        // 0.667
        Console.WriteLine($"{matrix.Of("dog").Recall:0.0}");  // 1.0
        Console.WriteLine($"{matrix.MacroF1:0.000}");         // 0.667
        // End
    }

    public static void RankingMetricsExample()
    {
        // Example: T:SeqCore.Models.RankingMetrics
        double[] scores = [0.1, 0.4, 0.35, 0.8];
        bool[] isPositive = [false, false, true, true];
        Console.WriteLine(RankingMetrics.RocArea(scores, isPositive));                      // 0.75
        Console.WriteLine($"{RankingMetrics.AveragePrecision(scores, isPositive):0.000}");  // 0.833
        // End
    }

    public static void TextMetricExample()
    {
        // Example: T:SeqCore.Models.TextMetric
        string[] written = ["the cat sat on the mat", "a dog barks"];
        string[] references = ["the cat sat on a mat", "the dog barks"];
        var bleu = new Bleu();
        Console.WriteLine($"{bleu.Score(written, references):0.0}");         // 49.3
        Console.WriteLine($"{new Chrf().Score(written, references):0.0}");   // 69.8
        Console.WriteLine(bleu.Signature().Split("|version")[0]);            // nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp
        // End
    }
}
