using System.Text;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.ClassifyText;

/// <summary>
/// A named set of labelled texts, whose files the user has to have, since they are for research and their homes have them in
/// other formats.
/// </summary>
/// <param name="Training">The file to train on.</param>
/// <param name="Hint">Where a user finds the files.</param>
/// <param name="Read">Reads a file.</param>
/// <param name="Defaults">The options that suit the set.</param>
internal sealed record TextSet(DataSet Training, string Hint, Func<string, IReadOnlyList<SourcedText>> Read,
    TrainOptions Defaults)
{
    /// <summary>
    /// The Stanford Sentiment Treebank, whole sentences without neutral ones: 0 is negative, 1 positive (Socher et al.,
    /// "Recursive deep models for semantic compositionality over a sentiment treebank", EMNLP 2013).
    /// </summary>
    public static TextSet Sst2 { get; } = new(
        Sst2File("train", 720_259, "ec192f833a64da08f475488a77b0d0b47db47acd0f458bd18433fc793b569920"),
        "Each line is a sentence, a tab and 0 or 1; https://nlp.stanford.edu/sentiment has the treebank.",
        path => new TextFormat { Format = "tsv", Text = "1", Label = "2", Header = "no" }.Read(path).Texts,
        TrainOptions.ForSst2)
    {
        Validation = Sst2File("dev", 92_057, "eddea6b39e601dd4e7a672b53cc40fdf6019fa80522f351206c24340ca5d9359"),
        Test = Sst2File("test", 188_749, "831169c7e2e429d6026e1bdbb542f33b636e3e596caad9602ebc953c205928b7"),
    };

    /// <summary>
    /// Questions by what they ask for, in six classes; a tenth is taken for tests (Li and Roth, "Learning question classifiers",
    /// COLING 2002).
    /// </summary>
    public static TextSet Trec { get; } = new(
        new DataSet("trec", "train_5500.label", new Uri("https://cogcomp.seas.upenn.edu/Data/QA/QC/"), 333_379,
            "8bd6e79493f43bbd22c364587366a1dced54e1e31259eaa92721a0f526031116"),
        "https://cogcomp.seas.upenn.edu/Data/QA/QC has it.", ReadQuestions, TrainOptions.ForTrec);

    /// <summary>Every named set.</summary>
    public static IReadOnlyList<TextSet> All { get; } = [Sst2, Trec];

    /// <summary>The name that a user types.</summary>
    public string Name => Training.Name;

    /// <summary>The file for validation; null to take a tenth of the texts.</summary>
    public DataSet? Validation { get; init; }

    /// <summary>The file for tests; null to take a tenth of the texts.</summary>
    public DataSet? Test { get; init; }

    /// <summary>Returns the path of a file of the set.</summary>
    /// <exception cref="DataSourceException">The file is not there.</exception>
    public string Locate(DataSet file) => DataOptions.LocateOwn(file, Hint);

    private static DataSet Sst2File(string part, long bytes, string hash) =>
        new("sst2", $"{part}.tsv", new Uri("https://nlp.stanford.edu/sentiment/"), bytes, hash);

    /// <summary>
    /// Reads lines such as <c>LOC:city Which city is old ?</c>, in Latin-1, of which the coarse class is the label.
    /// </summary>
    private static SourcedText[] ReadQuestions(string path) =>
        [.. File.ReadLines(path, Encoding.Latin1).Select((line, i) => Question(path, line, i + 1))];

    private static SourcedText Question(string path, string line, int number)
    {
        var (colon, space) = (line.IndexOf(':', StringComparison.Ordinal), line.IndexOf(' ', StringComparison.Ordinal));
        return colon > 0 && colon < space
            ? new SourcedText(new LabelledText(line[(space + 1)..].Trim(), line[..colon]), path, number, 1)
            : throw new DataSourceException($"{TextLines.Place(path, number)} is not a class, as in LOC:city, and a question.");
    }
}
