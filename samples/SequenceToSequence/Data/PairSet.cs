using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.SequenceToSequence.Data;

/// <summary>A named set of pairs at its public home.</summary>
/// <param name="AreWords">Whether its tokens are words, by default.</param>
/// <param name="Source">The sources, or pairs separated by tabs.</param>
/// <param name="Target">The targets, line by line; null for pairs separated by tabs.</param>
internal sealed record PairSet(bool AreWords, DataSet Source, DataSet? Target = null)
{
    /// <summary>
    /// English and French sentences, the shortest twenty thousand (Tatoeba, CC BY 2.0); its home has only newer
    /// ones, in another form.
    /// </summary>
    public static PairSet Tatoeba { get; } = new(true, new DataSet("tatoeba-eng-fra", "fra-first20k.txt.gz",
        new Uri("https://www.manythings.org/anki/"), 206_446, "b3995c7b2e208fbb0af5731a8de971cac17a2ad9923347a3b747a1e5755f2147"))
    {
        IsOwnOnly = true,
    };

    /// <summary>Captions in English and German (Multi30k).</summary>
    public static PairSet Multi30k { get; } = new(true,
        new DataSet("multi30k", "train.en.gz", Multi30kHome("en"), 568_929,
            "d79cfa999dd4c51d2cb42499b6796d5a882c3a8a961923c25a898c90f8bbd56f"),
        new DataSet("multi30k", "train.de.gz", Multi30kHome("de"), 637_044,
            "726e39b2fa9eb9ffb6dc763fb35a179f80fae06ffc5d28b6ace5faa883de28a6"));

    /// <summary>Words in letters and in sounds.</summary>
    public static PairSet Morph { get; } = new(false,
        new DataSet("opennmt-morph", "src.train", MorphHome("src"), 182_960,
            "8632886b5e2f81d42d9cb040270e253ef4d6821256df3d7e21f20d1dc1ab26f6"),
        new DataSet("opennmt-morph", "tgt.train", MorphHome("tgt"), 157_004,
            "bab882bbce6c8eb954981795d01778d7c0e8e60c954271829d948e6caa627d09"));

    /// <summary>Every named set.</summary>
    public static IReadOnlyList<PairSet> All { get; } = [Tatoeba, Multi30k, Morph];

    /// <summary>What a user types.</summary>
    public string Name => Source.Name;

    /// <summary>Whether it is taken only from the user's folder.</summary>
    private bool IsOwnOnly { get; init; }

    /// <summary>Reads the pairs, from the user's folder, the cache or the public home.</summary>
    /// <exception cref="DataSourceException">They cannot be had.</exception>
    public PairLines Read(Terminal terminal, CancellationToken cancellation)
    {
        if (IsOwnOnly && !(new DataSetStore().UserFolder is { Length: > 0 } folder
            && File.Exists(Path.Combine(folder, Name, Source.FileName))))
        {
            throw new DataSourceException($"Data set {Name}: put the file at {Name}/{Source.FileName} in a folder of your own and"
                + " name that folder in the environment"
                + $" variable SEQCORE_DATA. Newer sentences are at {Source.Home}; unpack them and give the file with --data.");
        }

        var source = DataOptions.Locate(Source, terminal, cancellation);
        return Target is null
            ? PairFile.ReadTabSeparated(source)
            : PairFile.ReadAligned(source, DataOptions.Locate(Target, terminal, cancellation));
    }

    private static Uri Multi30kHome(string language) =>
        new("https://raw.githubusercontent.com/multi30k/dataset/c9be912dc05a3ebf9ae5bb5f7f58c1791cda43ab/data/task1/raw/"
            + $"train.{language}.gz");

    private static Uri MorphHome(string side) =>
        new("https://raw.githubusercontent.com/OpenNMT/OpenNMT-py/1dd5f19008f3011e21e0db27da9482bf6fe9c627/data/"
            + $"morph/{side}.train");
}
