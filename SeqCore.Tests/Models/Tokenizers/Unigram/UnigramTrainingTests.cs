using SeqCore.Models;

namespace SeqCore.Tests.Models.Tokenizers.Unigram;

public class UnigramTrainingTests
{
    [Theory]
    [InlineData(1, "abc", 5)]
    [InlineData(2, "ab ", 16)]
    [InlineData(3, "ab1.", 3)]
    [InlineData(4, "a", 16)]
    public void Seeds_are_those_of_the_definition(int seed, string letters, int longest)
    {
        var random = new Random(seed);
        for (var i = 0; i < 50; i++)
        {
            var words = Words(random, letters, random.Next(1, 12));
            string[] distinct = [.. words.Keys.Order(StringComparer.Ordinal)];
            var found = SeedPieces.Find(distinct, [.. distinct.Select(w => words[w])], longest, int.MaxValue, default);
            found.ToDictionary(f => f.Piece, f => f.Weight).Should().BeEquivalentTo(UnigramReference.Seeds(words, longest));
            found.Should().BeInDescendingOrder(f => f.Weight);
            SeedPieces.Find(distinct, [.. distinct.Select(w => words[w])], longest, 2, default).Should().Equal(found.Take(2));
        }
    }

    [Fact]
    public void The_best_way_and_the_expected_numbers_are_those_of_all_ways()
    {
        var random = new Random(5);
        for (var i = 0; i < 200; i++)
        {
            string[] pieces = [.. Enumerable.Range(0, 8).Select(_ => Word(random, "abc", 1, 4)).Concat(["a", "b", "c"])
                .Distinct()];
            var scores = Array.ConvertAll(pieces, _ => -10 * random.NextSingle());
            var lattice = new PieceLattice(new PieceTrie(pieces.Select((p, n) => (p, n))), scores, -30);
            var word = Word(random, "abc", 1, 9);
            var byPiece = pieces.Zip(scores).ToDictionary(p => p.First, p => p.Second);
            var way = new List<(int Piece, int Length)>();
            lattice.Best(word, way).Should().BeTrue();
            way.Select(p => pieces[p.Piece]).Should().Equal(UnigramReference.Best(word, byPiece));
            way.Select(p => p.Length).Should().Equal(way.Select(p => pieces[p.Piece].Length));

            var ways = UnigramReference.Ways(word, pieces)
                .Select(w => (Pieces: w, P: Math.Exp(w.Sum(p => (double)byPiece[p])))).ToArray();
            var expected = new double[pieces.Length];
            lattice.AddExpected(word, 3, expected).Should().BeApproximately(Math.Log(ways.Sum(w => w.P)), 1e-9);
            for (var n = 0; n < pieces.Length; n++)
            {
                expected[n].Should().BeApproximately(
                    3 * ways.Sum(w => w.P * w.Pieces.Count(p => p == pieces[n])) / ways.Sum(w => w.P), 1e-9);
            }
        }
    }

    [Fact]
    public void Unknown_characters_stand_alone_and_a_piece_can_be_excluded()
    {
        var lattice = new PieceLattice(new PieceTrie([("ab", 0), ("a", 1)]), new float[] { -1, -2 }, -12);
        var way = new List<(int Piece, int Length)>();
        lattice.Best("ab\U0001F600b", way).Should().BeTrue();
        way.Should().Equal((0, 2), (PieceLattice.Unknown, 2), (PieceLattice.Unknown, 1));
        lattice.Best("ab", way, excluded: 0).Should().BeTrue();
        way.Should().Equal((1, 1), (PieceLattice.Unknown, 1));
        lattice.Best("a", way, excluded: 1).Should().BeFalse("a has a piece, so it is not unknown");
        lattice.Best("", way).Should().BeTrue();
        way.Should().BeEmpty();
    }

    [Theory]
    [InlineData(6, "abcde", 4)]
    [InlineData(7, "abcde", 10)]
    [InlineData(8, "abc12.", 30)]
    [InlineData(9, "abcd1", 1000)]
    public void Pieces_are_those_of_the_definition(int seed, string letters, int more)
    {
        var random = new Random(seed);
        for (var i = 0; i < 10; i++)
        {
            var words = Words(random, letters, 40).ToDictionary(w => " " + w.Key, w => w.Value);
            var options = new UnigramTrainingOptions { CharacterCoverage = 1, MaximumPieceLength = 5, Iterations = 1 + (i % 3) };
            var trainer = new UnigramTrainer(words, options, default);
            var found = trainer.Run(trainer.RequiredCount + more);
            var expected = UnigramReference.Train(words, trainer.RequiredCount + more, options);
            found.Select(p => p.Piece).Should().BeEquivalentTo(expected.Select(p => p.Piece));
            var scores = expected.ToDictionary(p => p.Piece, p => p.Score);
            foreach (var (piece, score) in found)
                score.Should().BeApproximately(scores[piece], 1e-4f, piece);
            found.Should().BeInDescendingOrder(p => p.Score);
        }
    }

    [Fact]
    public void Frequent_words_become_pieces()
    {
        string[] texts = [.. Enumerable.Range(0, 200).Select(i => $"the cat {i} sat on the mat {i * 7}")];
        var tokenizer = UnigramTokenizer.Train(texts, 256 + 40);
        tokenizer.Encode(" the cat").Select(tokenizer.Decode).Should().Equal(" the", " cat");
        tokenizer.Encode(" mat sat").Select(tokenizer.Decode).Should().Equal(" mat", " sat");
    }

    [Fact]
    public void Tokens_are_the_special_ones_then_bytes_then_pieces_by_probability()
    {
        var tokenizer = UnigramTokenizer.Train(["aab aab aab b"], 264, ["<s>", "<pad>"]);
        tokenizer.SpecialTokenNames.Should().Equal("<s>", "<pad>");
        tokenizer.Decode(0).Should().Be("<s>");
        tokenizer.BytesOf(2).ToArray().Should().Equal(0);
        tokenizer.BytesOf(257).ToArray().Should().Equal(255);
        tokenizer.Score(5).Should().Be(0);
        Enumerable.Range(258, tokenizer.Count - 258).Select(tokenizer.Score).Should().BeInDescendingOrder();
        Enumerable.Range(258, tokenizer.Count - 258).Select(tokenizer.Decode).Should().Contain(["a", "b", " "]);
        tokenizer.Count.Should().BeLessThanOrEqualTo(264);
    }

    [Fact]
    public void The_order_of_the_texts_does_not_matter()
    {
        string[] texts = [.. FuzzedText.Many(seed: 9, count: 500)];
        var options = new UnigramTrainingOptions { CharacterCoverage = 0.9 };
        UnigramTokenizer.Train(texts.Reverse(), 700, training: options).ToJson().Should()
            .Be(UnigramTokenizer.Train(texts, 700, training: options).ToJson());
    }

    [Fact]
    public void There_are_fewer_pieces_where_the_texts_have_no_more_and_none_without_texts()
    {
        UnigramTokenizer.Train([], 300).Count.Should().Be(256);
        UnigramTokenizer.Train(["abc"], 1000).Count.Should().Be(259);
        var bytes = UnigramTokenizer.Train([], 256);
        bytes.Encode("\u00E9").Should().Equal(0xC3, 0xA9);
    }

    [Fact]
    public void Rare_characters_are_left_to_the_bytes()
    {
        var text = new string('a', 999) + "\u00E9";
        Pieces(0.999).Should().Contain("a").And.NotContain("\u00E9");
        Pieces(1).Should().Contain("\u00E9");

        IEnumerable<string> Pieces(double coverage)
        {
            var tokenizer = UnigramTokenizer.Train([text], 300, training: new() { CharacterCoverage = coverage });
            tokenizer.Decode(tokenizer.Encode(text)).Should().Be(text);
            return Enumerable.Range(256, tokenizer.Count - 256).Select(tokenizer.Decode);
        }
    }

    [Fact]
    public void Pieces_do_not_mix_letters_numbers_and_marks_and_end_at_white_space()
    {
        string[] texts = [.. Enumerable.Repeat("ab12 ab12, ab12,\nab12,\n\n", 50)];
        var tokenizer = UnigramTokenizer.Train(texts, 300);
        string[] pieces = [.. Enumerable.Range(256, tokenizer.Count - 256).Select(tokenizer.Decode)];
        pieces.Should().OnlyContain(p => SpacedWords.LengthOfOneClass(p) == p.Length && SpacedWords.LengthOfFirst(p) == p.Length);
        pieces.Should().Contain(["ab", " ab", "12"]);
    }

    [Theory]
    [InlineData(1, -0.57721566490153287)]
    [InlineData(0.5, -1.9635100260214235)]
    [InlineData(10, 2.2517525890667211)]
    [InlineData(123456.75, 11.723642121279045)]
    public void The_digamma_function_has_its_known_values(double x, double value) =>
        UnigramTrainer.Digamma(x).Should().BeApproximately(value, 1e-10);

    [Fact]
    public void Wrong_arguments_are_named()
    {
        Train(255).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("UnigramTokenizer.Train: vocabularySize should be at least 256.*");
        Train(257, ["<s>"]).Should().Throw<ArgumentOutOfRangeException>().WithMessage("UnigramTokenizer.Train: vocabularySize"
            + " should be at least 259: 1 special token, 256 bytes and 2 characters of the texts. Hint: lower Character*");
        Train(300, ["a", "a"]).Should().Throw<ArgumentException>().WithMessage("*the special token 'a' is listed twice.*");
        Train(300, [""]).Should().Throw<ArgumentException>().WithMessage("*'' is not the name of a special token.*");
        Train(300, training: new() { SeedSize = 0 }).Should().Throw<ArgumentException>().WithMessage("*SeedSize should be*");
        Train(300, training: new() { MaximumPieceLength = 0 }).Should().Throw<ArgumentException>()
            .WithMessage("*MaximumPieceLength should be*");
        Train(300, training: new() { Iterations = 0 }).Should().Throw<ArgumentException>().WithMessage("*Iterations should be*");
        foreach (var wrong in (double[])[0, 1, double.NaN])
        {
            Train(300, training: new() { ShrinkingFactor = wrong }).Should().Throw<ArgumentOutOfRangeException>()
                .WithMessage("UnigramTokenizer.Train: ShrinkingFactor should be above 0 and below 1.*");
        }

        foreach (var wrong in (double[])[0, 1.5, double.NaN])
        {
            Train(300, training: new() { CharacterCoverage = wrong }).Should().Throw<ArgumentOutOfRangeException>()
                .WithMessage("UnigramTokenizer.Train: CharacterCoverage should be above 0 and at most 1.*");
        }

        static Action Train(int size, string[]? special = null, UnigramTrainingOptions? training = null) =>
            () => UnigramTokenizer.Train(["ab"], size, special, training);
    }

    [Fact]
    public void Training_can_be_cancelled()
    {
        using var cancelling = new CancellationTokenSource();
        cancelling.Cancel();
        FluentActions.Invoking(() => UnigramTokenizer.Train(["ab"], 300, cancellation: cancelling.Token))
            .Should().Throw<OperationCanceledException>();
    }

    private static string Word(Random random, string letters, int least, int most) =>
        new(random.GetItems<char>(letters, random.Next(least, most + 1)));

    private static Dictionary<string, long> Words(Random random, string letters, int count) => Enumerable.Range(0, count)
        .Select(_ => Word(random, letters, 1, 8)).Distinct().ToDictionary(w => w, _ => (long)random.Next(1, 4));
}
