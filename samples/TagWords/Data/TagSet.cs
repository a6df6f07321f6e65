using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.TagWords;

/// <summary>A named set of tagged sentences at its public home.</summary>
/// <param name="Training">The file to train on.</param>
/// <param name="Validation">The file by which options and the best weights are chosen.</param>
/// <param name="Test">The file for the last score.</param>
/// <param name="Columns">The columns of the files.</param>
/// <param name="Defaults">The options that were chosen by the sentences for validation.</param>
internal sealed record TagSet(DataSet Training, DataSet Validation, DataSet Test, ConllOptions Columns, TrainOptions Defaults)
{
    private const string UniversalHome = "https://raw.githubusercontent.com/UniversalDependencies/UD_English-EWT/"
        + "15d613d8447b3478787d4c278730a1e48a945efb/";

    private const string EmergingHome = "https://raw.githubusercontent.com/leondz/emerging_entities_17/"
        + "e52a2d2a71ac1a051ca2d532eef28653c5c02603/";

    /// <summary>
    /// Parts of speech of web texts: the English Web Treebank in Universal Dependencies (CC BY-SA 4.0; Silveira et al., "A gold
    /// standard dependency corpus for English", LREC 2014).
    /// </summary>
    public static TagSet UniversalEnglish { get; } = new(
        Universal("train", 14_203_025, "3fb78e2b55482c8ee00caa653af436c88c9e5bc9a73ce26e4ae3ddc79d2b7e7b"),
        Universal("dev", 1_805_545, "531a54ff90d6ab12201c5a50c3e78e6ddac4de69abc4bce5d275d3cd29efe2b6"),
        Universal("test", 1_804_515, "e266e515a0a7547657ed3d90d9ba46487d6bd251f27ad4269d4e8a427c8555cd"),
        ConllOptions.ConllU, TrainOptions.ForPartsOfSpeech);

    /// <summary>
    /// Names in posts and comments, most of them new (CC BY 4.0; Derczynski, Nichols, van Erp and Limsopatham, "Results of the
    /// WNUT2017 shared task on novel and emerging entity recognition", W-NUT 2017).
    /// </summary>
    public static TagSet Emerging { get; } = new(
        EmergingFile("wnut17train.conll", 493_781, "731820e13f71af324c6b55a1575ec2ce59fbaa2a0806f8f0400b98d56cd6a7a5"),
        EmergingFile("emerging.dev.conll", 114_749, "e053b752b8155113ca66e7db08af5f2f5f43ab993694e4774f1ec5bad42312d8"),
        EmergingFile("emerging.test.annotated", 192_425, "2aa79b764e56ec9264a1b30fdd9b70195bd00ff400b62edd8f399d5f13c178f0"),
        ConllOptions.Conll, TrainOptions.ForEmergingNames);

    /// <summary>Every named set.</summary>
    public static IReadOnlyList<TagSet> All { get; } = [UniversalEnglish, Emerging];

    /// <summary>The name that a user types.</summary>
    public string Name => Training.Name;

    /// <summary>Reads a file of the set, from the user's folder, the cache or the public home.</summary>
    /// <exception cref="DataSourceException">The file is not available.</exception>
    public TaggedFile Read(DataSet file, Terminal terminal, CancellationToken cancellation)
    {
        var path = DataOptions.Locate(file, terminal, cancellation);
        return new TaggedFile([.. ConllFile.Read(path, Columns)], path, Columns.TagColumn);
    }

    private static DataSet Universal(string part, long bytes, string hash) =>
        new("ud-en-ewt", $"en_ewt-ud-{part}.conllu", new Uri($"{UniversalHome}en_ewt-ud-{part}.conllu"), bytes, hash);

    private static DataSet EmergingFile(string name, long bytes, string hash) =>
        new("wnut17", name, new Uri(EmergingHome + name), bytes, hash);
}
