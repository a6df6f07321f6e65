using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.Summarize;

/// <summary>A named set of texts with summaries at its public home, as CSV files with a header.</summary>
/// <param name="Training">The examples for training; its name is that of the set.</param>
/// <param name="Validation">The examples for validation.</param>
/// <param name="Test">The examples for the test.</param>
/// <param name="Fields">The names of the columns, with the one that is used as the topic.</param>
/// <param name="Defaults">The options that were chosen by the examples for validation.</param>
/// <param name="Others">Further test sets with their names.</param>
internal sealed record SummarySet(DataSet Training, DataSet Validation, DataSet Test, Fields Fields,
    TrainOptions Defaults, params (string Name, DataSet Set)[] Others)
{
    private const string Commit = "3ff0801933608d6f570468c13125125fb5cabdea";

    /// <summary>
    /// Dialogues between doctors and patients with the sections of notes that summarize them (Ben Abacha et al., "An empirical
    /// study of clinical note generation from doctor-patient encounters", EACL 2023; CC BY 4.0).
    /// </summary>
    public static SummarySet MtsDialog { get; } = new(
        Mts("TrainingSet", 1_041_071, "65a28681dd59fc159681ea026e44610f2af7bc64a0e7f892d763eb03d9f503dc"),
        Mts("ValidationSet", 74_054, "227206520c4534381c0d7fba6d3f09319a9af5a6d9603a93c0341af1198e3958"),
        Mts("TestSet-1-MEDIQA-Chat-2023", 162_806, "b4d38dd2c99b2e9860099abcf653f1e0f3e9b69f9fcc45be2a2699b37a4d2f37"),
        new Fields("dialogue", "section_text", "section_header"), TrainOptions.ForMtsDialog,
        ("test-2", Mts("TestSet-2-MEDIQA-Sum-2023", 171_558,
            "226644466ed3af82382b327a3e684aab70aa605b96cfd93b04f584f1826ab1a6")));

    /// <summary>Every named set.</summary>
    public static IReadOnlyList<SummarySet> All { get; } = [MtsDialog];

    /// <summary>Reads the examples, from the user's folder, the cache or the public home.</summary>
    /// <param name="topic">The column with what a text is about; null for none.</param>
    /// <param name="terminal">Shows a download.</param>
    /// <param name="cancellation">Ends a download.</param>
    /// <exception cref="DataSourceException">The examples are not available.</exception>
    public SummaryCorpus Read(string? topic, Terminal terminal, CancellationToken cancellation)
    {
        var files = new List<(string Part, string Path)>();
        return new(Of("training", Training), Of("validation", Validation), Of("test", Test),
            [.. Others.Select(o => (o.Name, Of(o.Name, o.Set)))])
        {
            Files = files,
        };

        IReadOnlyList<Example> Of(string part, DataSet set)
        {
            files.Add((part, Own(set) ?? DataOptions.Locate(set, terminal, cancellation)));
            return [.. SummaryFile.Read(files[^1].Path, Fields with { Topic = topic })];
        }
    }

    private static DataSet Mts(string part, long bytes, string hash) => new("mts-dialog", $"MTS-Dialog-{part}.csv",
        new Uri($"https://raw.githubusercontent.com/abachaa/MTS-Dialog/{Commit}/Main-Dataset/MTS-Dialog-{part}.csv"), bytes,
        hash);

    /// <summary>The same file compressed in the user's folder, if it is there, also in a folder of summarization sets.</summary>
    private static string? Own(DataSet set)
    {
        if (new DataSetStore().UserFolder is not { Length: > 0 } folder)
            return null;
        var file = set.FileName.Replace("MTS-Dialog-", "", StringComparison.Ordinal) + ".gz";
        string[] paths = [Path.Combine(folder, set.Name, file), Path.Combine(folder, "summarization", set.Name, file)];
        return Array.Find(paths, File.Exists);
    }
}
