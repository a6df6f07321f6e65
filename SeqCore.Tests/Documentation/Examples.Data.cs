using SeqCore.Models;

namespace SeqCore.Tests.Documentation;

public static partial class Examples
{
    public static void ConllFileExample()
    {
        // Example: T:SeqCore.Models.ConllFile
        foreach (var sentence in ConllFile.Read("en_ewt-ud-train.conllu", ConllOptions.ConllU))
            Console.WriteLine(string.Join(' ', sentence.Tokens.Zip(sentence.Tags, (token, tag) => $"{token}/{tag}")));
        // End
    }

    public static void DataSplitExample()
    {
        // Example: T:SeqCore.Models.DataSplit
        LabelledText[] reviews = [.. Enumerable.Range(0, 100)
            .Select(i => new LabelledText($"film {i / 2}", i % 10 == 0 ? "bad" : "good"))];
        var split = DataSplit.Of(reviews, validation: 0.2, test: 10, seed: 1, label: r => r.Labels[0]);
        Console.WriteLine((split.Training.Count, split.Validation.Count, split.Test.Count));    // (70, 20, 10)
        Console.WriteLine(split.Validation.Count(r => r.Labels[0] == "bad"));                   // 2

        // Both reviews of a film are in the same part.
        var films = DataSplit.Of(reviews, validation: 0.2, group: r => r.Text);
        var shared = films.Training.Select(r => r.Text).Intersect(films.Validation.Select(r => r.Text));
        Console.WriteLine(shared.Count());                                                      // 0
        // End
    }

    public static void DelimitedFileExample()
    {
        // Example: T:SeqCore.Models.DelimitedFile
        foreach (var row in DelimitedFile.Read("passengers.csv"))
            Console.WriteLine($"{row["month"]}: {row.Float("count")}");
        var options = new DelimitedOptions { HasHeader = false };
        var reviews = DelimitedFile.ReadLabelled("reviews.tsv", text: 1, label: -1, options: options).ToArray();
        // End
    }

    public static void ParquetFileExample()
    {
        // Example: T:SeqCore.Models.ParquetFile
        foreach (var row in ParquetFile.Read("passengers.parquet", ["month", "count"]))
            Console.WriteLine($"{row["month"]}: {row.Float("count")}");
        var reviews = ParquetFile.ReadLabelled("reviews.parquet", "text", "label").ToArray();
        // End
    }

    public static void PrefetchedBatchesExample()
    {
        // Example: T:SeqCore.Models.PrefetchedBatches`2
        string[] texts = ["to be", "or not", "to be that", "is the question"];
        var words = new WordTokenizer(texts);
        var source = new ShuffledBatches<string>(texts, batchSize: 2, seed: 1);
        using var batches = new PrefetchedBatches<IReadOnlyList<string>, int[][]>(source,
            prepare: (batch, position) => [.. batch.Select(text => words.Encode(text))]);
        Console.WriteLine(batches.Next().Length);                // 2
        Console.WriteLine(batches.Position);                     // 1
        // End
    }

    public static void TableColumnExample()
    {
        // Example: T:SeqCore.Models.TableColumn
        TableColumn byName = "label";
        TableColumn first = 1, last = -1;
        Console.WriteLine($"{byName}, {first}, {last}");         // column 'label', column 1, the last column
        // End
    }

    public static void TextLinesExample()
    {
        // Example: T:SeqCore.Models.TextLines
        foreach (var line in TextLines.Read("reviews.txt"))
        {
            if (line.Text.Length > 1000)
                Console.WriteLine($"line {line.Number} has {line.Text.Length} characters");
        }
        // End
    }
}
