using System.Globalization;
using System.IO.Compression;
using System.Text;
using SeqCore.Models;
using SeqCore.Samples.SequenceToSequence;

namespace SeqCore.Tests.Samples.SequenceToSequence;

public sealed class PairDataTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("seqcore-pairs-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Dates_equal_their_translations()
    {
        var pairs = Dates.All();
        pairs.Should().HaveCount(10_000);
        pairs.Select(p => p.Target)
            .Should().OnlyContain(t => DateOnly.ParseExact(t, "yyyy-MM-dd", CultureInfo.InvariantCulture).Year >= 1950);
        string[] formats = ["d MMMM yyyy", "d MMM yyyy", "MMMM d, yyyy", "dddd, d MMMM yyyy", "ddd MMM d yyyy",
            "d.M.yyyy", "yyyy, MMMM d"];
        var understood = 0;
        foreach (var (source, target) in pairs)
        {
            if (!DateOnly.TryParseExact(source, formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
                continue;
            date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture).Should().Be(target, source);
            understood++;
        }

        understood.Should().BeGreaterThan(4500, "about seven of thirteen forms are ones that .NET reads");
        pairs.GroupBy(p => p.Source).Should().OnlyContain(g => g.Select(p => p.Target).Distinct().Count() == 1,
            "no form is ambiguous");
        Dates.All().Should().Equal(pairs);
    }

    [Fact]
    public void No_source_is_in_both_parts_and_the_split_repeats()
    {
        var pairs = Enumerable.Range(0, 500).Select(i => ($"s{i % 200}", $"t{i}")).ToArray();
        var corpus = new PairCorpus(pairs, "test");
        corpus.Training.Concat(corpus.Validation).Should().BeEquivalentTo(pairs);
        corpus.Validation.Count.Should().BeInRange(50, 52);
        corpus.Training.Select(p => p.Source).Should().NotIntersectWith(corpus.Validation.Select(p => p.Source));
        new PairCorpus(pairs, "test").Validation.Should().Equal(corpus.Validation);
        FluentActions.Invoking(() => new PairCorpus(pairs[..9], "The file"))
            .Should().Throw<DataSourceException>().WithMessage("The file has 9 different sources*");
    }

    [Fact]
    public void Files_are_read_packed_or_not()
    {
        const string Text = "Go.\tVa !\tCC-BY 2.0 (France) Attribution: tatoeba.org #1 (a)\r\n\n  \rHé\tSalut\n \tnothing\n";
        var plain = Path.Combine(folder, "plain");
        File.WriteAllText(plain, Text);
        var packed = Path.Combine(folder, "packed.gz");
        using (var stream = new GZipStream(File.Create(packed), CompressionLevel.Fastest))
            stream.Write(Encoding.UTF8.GetBytes(Text));
        (string, string)[] expected = [("Go.", "Va !"), ("Hé", "Salut")];
        PairFile.ReadTabSeparated(plain).Pairs.Should().Equal(expected);
        PairFile.ReadTabSeparated(plain).Empty.Should()
            .Be(1, "a blank line is no pair, and a pair with an empty side is counted");
        PairFile.ReadTabSeparated(packed).Pairs.Should().Equal(expected);
        var (left, right) = (Path.Combine(folder, "left"), Path.Combine(folder, "right"));
        File.WriteAllText(left, "a\nb\n");
        File.WriteAllText(right, "1\n2\n");
        PairFile.ReadAligned(left, right).Pairs.Should().Equal(("a", "1"), ("b", "2"));
        File.WriteAllText(right, "1\n");
        FluentActions.Invoking(() => PairFile.ReadAligned(left, right))
            .Should().Throw<DataSourceException>().WithMessage("*2 lines*1;*");
        var bytes = File.ReadAllBytes(packed);
        bytes[^6] ^= 1;
        File.WriteAllBytes(packed, bytes);
        FluentActions.Invoking(() => PairFile.ReadTabSeparated(packed))
            .Should().Throw<DataSourceException>().WithMessage("*packed.gz' *gzip data*");
    }

    [Theory]
    [InlineData("a\tb\rc\td\te\r", "', line 2: the line has 2 tabs; each line should be a source, a tab and a target.")]
    [InlineData("a\tb\n\nc\n", "', line 3: the line has 0 tabs; each line *")]
    [InlineData("1\ta\t2\ttatoeba.org\n", "', line 1: the line has 3 tabs; each line *")]
    [InlineData("a\tb\nc\td\0\n", "', line 2, column 4: there is a character NUL.*")]
    [InlineData(" \n\n", "' is empty: it has no pair.")]
    [InlineData("", "' is empty: it has no pair.")]
    public void A_line_that_is_no_pair_is_named(string text, string message)
    {
        var path = Path.Combine(folder, "bad.tsv");
        File.WriteAllText(path, text);
        FluentActions.Invoking(() => PairFile.ReadTabSeparated(path))
            .Should().Throw<DataSourceException>().WithMessage($"'{path}{message}");
    }

    [Fact]
    public void Lines_may_end_as_on_any_system()
    {
        var path = Path.Combine(folder, "mixed.tsv");
        File.WriteAllText(path, "a\t1\rb\t2\r\nc\t3\nd\t4");
        PairFile.ReadTabSeparated(path).Pairs.Should().Equal(("a", "1"), ("b", "2"), ("c", "3"), ("d", "4"));
    }

    [Fact]
    public void Vocabularies_leave_out_what_is_too_long()
    {
        (string, string)[] pairs = [("one two", "eins zwei"), ("three", "drei"), ("one two three four", "viel")];
        var words = Vocabularies.Of(pairs, Levels.Words, most: 100);
        words.Encode(pairs, 3).Select(p => (p.Source.Length, p.Target.Length)).Should().Equal((2, 2), (1, 1));
        var characters = Vocabularies.Of(pairs, Levels.Characters, most: 1);
        characters.Target.Decode(characters.Encode(pairs, 10)[0].Target).Should().Be("eins zwei");
        words.Readable(pairs, 2).Should().Equal(pairs[..2]);
    }

    [Fact]
    public void Sentences_are_read_as_words_and_other_pairs_as_characters()
    {
        Levels.Of([("the dog", "le chien"), ("the dog sees me", "le chien me voit")]).Should().Be(Levels.Words);
        Levels.Of([("the dog sees me", "x"), ("the cat sees me", "y")]).Should().Be(Levels.Characters);
        Levels.Of([("3", "three and a bit"), ("4", "four and a bit")]).Should().Be(Levels.Characters);
        Levels.Of(Dates.All()).Should().Be(Levels.Characters);
    }

    [Fact]
    public void Byte_pairs_are_common_to_both_sides_or_not()
    {
        (string, string)[] pairs = [("one two", "eins zwei"), ("one [PAD]", "eins zwei"), ("\u20AC", "\u00E4")];
        var common = Vocabularies.Of(pairs, Levels.BytePairs, most: 6);
        common.Source.Should().BeSameAs(common.Target);
        common.Source.Count.Should().Be(SpecialToken.Count + 256 + 6);
        common.Source.Special.Should().BeEquivalentTo(new WordTokenizer("a").Special);
        common.Source.Encode("[PAD]").Should().NotContain(SpecialToken.Padding, "a name in a text is text");
        (common.Units, common.Unit, common.Level, common.HaveWords).Should().Be(("subwords", "subword", "bpe", true));
        var separate = Vocabularies.Of(pairs, Levels.BytePairs, most: 6, isShared: false);
        separate.Source.Encode("one").Should().HaveCount(1);
        separate.Target.Encode("one").Length.Should().BeGreaterThan(1);
    }

    [Fact]
    public void Pairs_for_validation_are_not_trained_on()
    {
        (string, string)[] pairs = [("a", "1"), ("b", "2"), ("a", "3")], heldOut = [("a", "1"), ("c", "4")];
        var corpus = new PairCorpus(pairs, "test", heldOut);
        corpus.Training.Should().Equal(("b", "2"));
        corpus.Validation.Should().Equal(heldOut);
        FluentActions.Invoking(() => new PairCorpus(pairs, "The file", [("a", "1"), ("b", "5")]))
            .Should().Throw<DataSourceException>().WithMessage("The file has no source that*");
    }
}
