using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.SequenceToSequence;

/// <summary>A named set of pairs at its public home.</summary>
/// <param name="Level">The kind of its tokens, by default.</param>
/// <param name="Source">The sources, or pairs separated by tabs.</param>
/// <param name="Target">The targets, line by line; null for pairs separated by tabs.</param>
internal sealed record PairSet(string Level, DataSet Source, DataSet? Target = null)
{
    /// <summary>
    /// English and French sentences, the shortest twenty thousand (Tatoeba, CC BY 2.0); its home has only newer
    /// ones, in another format.
    /// </summary>
    public static PairSet Tatoeba { get; } = new(Levels.Words, new DataSet("tatoeba-eng-fra", "fra-first20k.txt.gz",
        new Uri("https://www.manythings.org/anki/"), 206_446, "b3995c7b2e208fbb0af5731a8de971cac17a2ad9923347a3b747a1e5755f2147"))
    {
        IsOwnOnly = true,
    };

    /// <summary>Captions in English and German (Multi30k); its validation set is the test, as its tests are elsewhere.</summary>
    public static PairSet Multi30k { get; } = new(Levels.BytePairs,
        Captions("train.en.gz", 568_929, "d79cfa999dd4c51d2cb42499b6796d5a882c3a8a961923c25a898c90f8bbd56f"),
        Captions("train.de.gz", 637_044, "726e39b2fa9eb9ffb6dc763fb35a179f80fae06ffc5d28b6ace5faa883de28a6"))
    {
        Test = (Captions("val.en.gz", 21_650, "14f7d25ddd868909a9213e361768460edcacdd6ab9d1e77b92560dc10c10dc28"),
            Captions("val.de.gz", 24_681, "f0cba2f995189cf5770f29a8a9a537a3ad3f51657ad873405082ff6863a5e75a")),
    };

    /// <summary>Words in letters and in sounds.</summary>
    public static PairSet Morph { get; } = new(Levels.Characters,
        new DataSet("opennmt-morph", "src.train", MorphHome("src"), 182_960,
            "8632886b5e2f81d42d9cb040270e253ef4d6821256df3d7e21f20d1dc1ab26f6"),
        new DataSet("opennmt-morph", "tgt.train", MorphHome("tgt"), 157_004,
            "bab882bbce6c8eb954981795d01778d7c0e8e60c954271829d948e6caa627d09"));

    /// <summary>Every named set.</summary>
    public static IReadOnlyList<PairSet> All { get; } = [Tatoeba, Multi30k, Morph];

    /// <summary>The name that a user types.</summary>
    public string Name => Source.Name;

    /// <summary>Whether it is taken only from the user's folder.</summary>
    private bool IsOwnOnly { get; init; }

    /// <summary>Sources and targets of the test, line by line; null if there is none.</summary>
    public (DataSet Source, DataSet Target)? Test { get; private init; }

    /// <summary>Reads the pairs of the test, which there has to be.</summary>
    /// <exception cref="DataSourceException">The pairs are not available.</exception>
    public PairLines ReadTest(Terminal terminal, CancellationToken cancellation) =>
        PairFile.ReadAligned(DataOptions.Locate(Test!.Value.Source, terminal, cancellation),
            DataOptions.Locate(Test.Value.Target, terminal, cancellation));

    /// <summary>Reads the pairs, from the user's folder, the cache or the public home.</summary>
    /// <exception cref="DataSourceException">The pairs are not available.</exception>
    public PairLines Read(Terminal terminal, CancellationToken cancellation)
    {
        var source = IsOwnOnly
            ? DataOptions.LocateOwn(Source,
                $"Newer sentences: {Source.DownloadUri}; unpack them and give the file with --data.")
            : DataOptions.Locate(Source, terminal, cancellation);
        return Target is null
            ? PairFile.ReadTabSeparated(source)
            : PairFile.ReadAligned(source, DataOptions.Locate(Target, terminal, cancellation));
    }

    private static DataSet Captions(string file, long bytes, string sha256) => new("multi30k", file,
        new("https://raw.githubusercontent.com/multi30k/dataset/c9be912dc05a3ebf9ae5bb5f7f58c1791cda43ab/data/task1/raw/"
            + file), bytes, sha256);

    private static Uri MorphHome(string side) =>
        new("https://raw.githubusercontent.com/OpenNMT/OpenNMT-py/1dd5f19008f3011e21e0db27da9482bf6fe9c627/data/"
            + $"morph/{side}.train");
}
