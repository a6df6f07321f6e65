using SeqCore.Models;

namespace SeqCore.Tests.Models.Decoding;

public class BeamSearchTests
{
    private const int Vocabulary = 3, Length = 4, Texts = 81;

    public static TheoryData<ulong, double> Tables =>
        [.. from seed in Enumerable.Range(1, 12) from alpha in new[] { 0, 0.6, 1, 3 } select ((ulong)seed, alpha)];

    [Theory]
    [MemberData(nameof(Tables))]
    public void With_a_beam_for_every_beginning_it_finds_what_trying_all_texts_finds(ulong seed, double alpha)
    {
        var table = TableStream.Random(Vocabulary, seed);
        using var stream = new TableStream(Texts, Vocabulary, table);
        foreach (int? end in new int?[] { null, 0, 2 })
        {
            var options = new BeamSearchOptions { MaximumLength = Length, EndToken = end, LengthPenalty = alpha, Results = 5 };
            stream.Reset();
            new BeamSearch(stream, options).Search([]).ShouldBe(BruteForce.All(table, options).Take(5));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_text_has_the_same_tokens_in_a_row_twice(int n)
    {
        for (var seed = 1UL; seed <= 8; seed++)
        {
            var table = TableStream.Random(Vocabulary, seed);
            using var stream = new TableStream(243, Vocabulary, table);
            var options = new BeamSearchOptions { MaximumLength = 5, EndToken = 2, NoRepeatNgram = n, Results = 5 };
            new BeamSearch(stream, options).Search([]).ShouldBe(BruteForce.All(table, options).Take(5));
        }
    }

    [Fact]
    public void There_is_no_text_where_each_token_would_repeat_another()
    {
        using var stream = new TableStream(2, 2, TableStream.Markov(Log(0.9f, 0.1f), Log(0.9f, 0.1f), Log(0.9f, 0.1f)));
        new BeamSearch(stream, new BeamSearchOptions { MaximumLength = 3, NoRepeatNgram = 1 }).Search([]).Should().BeEmpty();
    }

    [Theory]
    [InlineData(RecurrentKind.Rnn)]
    [InlineData(RecurrentKind.Lstm)]
    public void On_a_recurrent_model_it_finds_what_trying_all_texts_finds(RecurrentKind kind)
    {
        using var model = new RecurrentLanguageModel(
            new() { VocabularySize = Vocabulary, Kind = kind, EmbeddingSize = 4, HiddenSize = 6, Layers = 2 },
            new RandomGenerator(3));
        Sharpen(model);
        int[] prompt = [1, 0];
        ShouldFindTheBest(model, prompt);
    }

    [Fact]
    public void On_a_Transformer_it_finds_what_trying_all_texts_finds()
    {
        using var model = new Gpt(new GptOptions
        {
            VocabularySize = Vocabulary,
            MaximumLength = 8,
            Layers = 2,
            HeadCount = 2,
            ModelSize = 8,
        }, new RandomGenerator(3));
        Sharpen(model);
        ShouldFindTheBest(model, [1, 0, 1]);
    }

    [Fact]
    public void On_an_encoder_decoder_it_finds_what_trying_all_targets_finds_for_each_source()
    {
        const int Start = 0, Beams = 27;
        var modelOptions = new RecurrentEncoderDecoderOptions
        {
            SourceVocabularySize = 5,
            TargetVocabularySize = Vocabulary,
            EmbeddingSize = 4,
            HiddenSize = 6,
        };
        using var model = new RecurrentEncoderDecoder(modelOptions, new RandomGenerator(3));
        Sharpen(model);
        model.Evaluate();
        int[][] sources = [[1, 2, 3], [4, 0, 2]];
        using var source = IndexTensor.FromSpan([.. sources[0], .. sources[1]], [2, 3]);
        using var stream = model.NewStream(source, null, Beams);
        var options = new BeamSearchOptions { MaximumLength = 3, EndToken = 2, LengthPenalty = 0.6, Width = Beams, Results = 4 };
        var found = new BeamSearch(stream, options).SearchAll([Start]);
        for (var g = 0; g < 2; g++)
        {
            using var one = IndexTensor.FromSpan(sources[g], [1, 3]);
            found[g].ShouldBe(BruteForce.All(Logits, options).Take(4), 1e-4);

            float[] Logits(IReadOnlyList<int> text)
            {
                using var scope = new TensorScope();
                using var target = IndexTensor.FromSpan([Start, .. text], [1, 1 + text.Count]);
                return model.Forward(one, null, target).Value.Select(1, text.Count).ToArray();
            }
        }

        found[0][0].Score.Should().NotBeApproximately(found[1][0].Score, 1e-3, "the sources differ");
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    [InlineData(4UL)]
    [InlineData(5UL)]
    public void With_one_beam_and_no_penalty_it_is_greedy(ulong seed)
    {
        using TableStream one = new(1, 5, TableStream.Random(5, seed)), other = new(1, 5, TableStream.Random(5, seed));
        var found = new BeamSearch(one, new BeamSearchOptions { MaximumLength = 12, EndToken = 4 }).Search([2]).Single();
        var greedy = new TextGenerator(other).Generate([2], new GenerationOptions { MaximumLength = 12, EndToken = 4 }).Single();
        found.Tokens.ToArray().Should().Equal(greedy.Tokens.ToArray());
        found.IsComplete.Should().Be(greedy.End == GenerationEnd.EndToken);
    }

    [Fact]
    public void Two_beams_find_the_text_that_greedy_choice_misses()
    {
        // After 0, all three tokens are equally likely; after 1, token 2 is certain: 0.5 / 3 against 0.4.
        var table = TableStream.Markov(Log(1, 1, 1), Log(1e-6f, 1e-6f, 1), Log(1, 1, 1), Log(0.5f, 0.4f, 0.1f));
        using TableStream one = new(1, 3, table), two = new(2, 3, table);
        var options = new BeamSearchOptions { MaximumLength = 2 };
        new BeamSearch(one, options).Search([]).Single().Tokens.ToArray().Should().Equal(0, 0);
        var best = new BeamSearch(two, options).Search([]).Single();
        best.Tokens.ToArray().Should().Equal(1, 2);
        best.Score.Should().BeApproximately(Math.Log(0.4), 1e-5);
    }

    [Fact]
    public void A_finished_text_is_not_final_while_a_longer_one_may_still_beat_it()
    {
        // Ending at once has 0.5; going on, where every further step is certain, 0.45: more per token once lp divides by it.
        const int End = 0;
        var table = TableStream.Markov(Log(1, 1, 1), Log(1e-9f, 1, 1e-9f), Log(1, 1e-9f, 1e-9f), Log(0.5f, 0.45f, 0.05f));
        float[] After(IReadOnlyList<int> text) => text.Count is > 0 and < 5 && text.All(t => t == 1) ? Log(1e-9f, 1, 1e-9f)
            : text.Count == 5 ? Log(1, 1e-9f, 1e-9f) : table(text);
        foreach (var (alpha, length) in new[] { (0.0, 1), (1.0, 6) })
        {
            using var stream = new TableStream(3, 3, After);
            var options = new BeamSearchOptions { MaximumLength = 6, EndToken = End, LengthPenalty = alpha };
            var best = new BeamSearch(stream, options).Search([]);
            best.Single().Tokens.Length.Should().Be(length);
            best.ShouldBe(BruteForce.All(After, options).Take(1), 1e-6);
        }
    }

    [Fact]
    public void Each_text_can_have_its_own_largest_length()
    {
        var table = TableStream.Random(Vocabulary, seed: 6);
        var all = new BeamSearchOptions { MaximumLength = Length, EndToken = 2, LengthPenalty = 1, Width = 27, Results = 3 };
        int[] lengths = [1, 3, 2, 3];
        using var stream = new TableStream(4 * 27, Vocabulary, table);
        var found = new BeamSearch(stream, all with { MaximumLengths = lengths }).SearchAll([]);
        for (var g = 0; g < lengths.Length; g++)
            found[g].ShouldBe(BruteForce.All(table, all with { MaximumLength = lengths[g] }).Take(3));
        foreach (int[] wrong in new int[][] { [1, 2, 3], [1, 2, 3, 0], [1, 2, 3, Length + 1] })
        {
            FluentActions.Invoking(() => new BeamSearch(stream, all with { MaximumLengths = wrong }))
                .Should().Throw<ArgumentException>().WithMessage("BeamSearch: MaximumLengths should *");
        }
    }

    [Fact]
    public void It_stops_as_soon_as_nothing_can_become_better()
    {
        var table = TableStream.Markov(Log(0.98f, 0.01f, 0.01f));
        using var stream = new TableStream(3, 3, _ => table([]));
        var best = new BeamSearch(stream, new BeamSearchOptions { MaximumLength = 1000, EndToken = 0 }).Search([]);
        best.Single().Tokens.ToArray().Should().Equal(0);
        stream.Steps.Should().Be(0, "log 0.98 is above all that begins with another token");
        new BeamSearch(stream, new BeamSearchOptions { MaximumLength = 1000, EndToken = 0, Results = 3 }).Search([])
            .Select(h => h.Tokens.Length).Should().Equal(1, 2, 2);
        stream.Steps.Should().BeLessThan(4);
    }

    [Fact]
    public void Equal_probabilities_are_ordered_by_tokens()
    {
        using var stream = new TableStream(4, 3, _ => [1f, 1f, 1f]);
        var found = new BeamSearch(stream, new BeamSearchOptions { MaximumLength = 2, Results = 4 }).Search([]);
        found.Select(h => string.Join("", h.Tokens.ToArray())).Should().Equal("00", "01", "02", "10");
    }

    [Fact]
    public void A_forbidden_token_is_in_no_text()
    {
        using var stream = new TableStream(4, 3, _ => [1f, float.NegativeInfinity, 0f]);
        var found = new BeamSearch(stream, new BeamSearchOptions { MaximumLength = 3, Results = 4 }).Search([]);
        found.Should().HaveCount(4).And.OnlyContain(h => !h.Tokens.ToArray().Contains(1));
    }

    [Fact]
    public void The_length_penalty_is_that_of_its_formula()
    {
        BeamSearch.LengthPenalty(1, 0.6).Should().Be(1);
        BeamSearch.LengthPenalty(7, 1).Should().BeApproximately(2, 1e-12);
        BeamSearch.LengthPenalty(19, 0.5).Should().BeApproximately(2, 1e-12);
        BeamSearch.LengthPenalty(1000, 0).Should().Be(1);
    }

    [Fact]
    public void Several_texts_side_by_side_are_searched_as_each_alone()
    {
        using RecurrentLanguageModel model = new(
            new() { VocabularySize = 5, Kind = RecurrentKind.Gru, EmbeddingSize = 4, HiddenSize = 6 }, new RandomGenerator(3));
        Sharpen(model);
        var options = new BeamSearchOptions { MaximumLength = 6, EndToken = 4, Width = 3, LengthPenalty = 0.7, Results = 3 };
        using var both = model.NewStream(6);
        both.Step([0, 0, 0, 3, 3, 3]);
        var found = new BeamSearch(both, options).SearchAll([]);
        for (var g = 0; g < 2; g++)
        {
            using var alone = model.NewStream(3);
            found[g].ShouldBe(new BeamSearch(alone, options).Search([3 * g]), 1e-5);
        }

        new BeamSearch(both, options).Invoking(s => s.Search([]))
            .Should().Throw<InvalidOperationException>().WithMessage("*2 texts of 3 beams. Call SearchAll.");
    }

    [Fact]
    public void A_stream_that_can_read_no_more_cuts_the_texts_off()
    {
        using var stream = new TableStream(9, 3, TableStream.Random(3, 1), capacity: 3);
        var found = new BeamSearch(stream, new BeamSearchOptions { MaximumLength = 100 }).Search([0, 1]);
        found.Single().Tokens.Length.Should().Be(2, "the last token need not be read");
        found.Single().IsComplete.Should().BeFalse();
        stream.Reset();
        new BeamSearch(stream, new BeamSearchOptions { MaximumLength = 1 }).Invoking(s => s.Search([0, 0, 0, 0]))
            .Should().Throw<ArgumentException>()
            .WithMessage("BeamSearch: the prompt has 4 tokens, but the stream can read only 3 more.*");
    }

    [Fact]
    public void Wrong_options_and_logits_are_named()
    {
        using var stream = new TableStream(4, 2, _ => [0f, float.NaN]);
        void Refuses(BeamSearchOptions options, string message) =>
            FluentActions.Invoking(() => new BeamSearch(stream, options))
                .Should().Throw<ArgumentException>().WithMessage(message);
        Refuses(new BeamSearchOptions { MaximumLength = 0 }, "*MaximumLength*");
        Refuses(new BeamSearchOptions { MaximumLength = 1, Results = 5 }, "*Results*");
        Refuses(new BeamSearchOptions { MaximumLength = 1, EndToken = 2 },
            "BeamSearch: EndToken should be one of the model's tokens, in [0, 2)*2*");
        Refuses(new BeamSearchOptions { MaximumLength = 1, LengthPenalty = -1 },
            "BeamSearch: LengthPenalty should be at least 0.*");
        Refuses(new BeamSearchOptions { MaximumLength = 1, Width = 3 }, "BeamSearch: a stream of 4 rows does not fit 3 beams*");
        new BeamSearch(stream, new BeamSearchOptions { MaximumLength = 1 }).Invoking(s => s.Search([]))
            .Should().Throw<ArgumentException>().WithMessage("BeamSearch: logit 1 is NaN*");
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        new BeamSearch(stream, new BeamSearchOptions { MaximumLength = 1 }).Invoking(s => s.Search([], cancelled.Token))
            .Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public void Forbidden_tokens_are_in_no_text_and_count_as_impossible()
    {
        using var stream = new TableStream(2, 3, _ => [2f, 1f, 0f]);
        var options = new BeamSearchOptions { MaximumLength = 2, Results = 2, ForbiddenTokens = [0] };
        var found = new BeamSearch(stream, options).Search([0]);
        found[0].Tokens.ToArray().Should().Equal(1, 1);
        found[1].Tokens.ToArray().Should().NotContain(0);
        found[0].LogProbability.Should().BeApproximately(2 * Math.Log(1 / (1 + Math.Exp(-1))), 1e-6);
        FluentActions.Invoking(() => new BeamSearch(stream, options with { EndToken = 0 })).Should().Throw<ArgumentException>()
            .WithMessage("BeamSearch: the token 0 ends a text and is also forbidden*");
    }

    /// <summary>Compares the search with trying all texts, whose probabilities the model computes from whole sequences.</summary>
    private static void ShouldFindTheBest(LanguageModel model, int[] prompt)
    {
        model.Evaluate();
        using var stream = model.NewStream(Texts);
        foreach (var alpha in new[] { 0, 1.0 })
        {
            var options = new BeamSearchOptions { MaximumLength = Length, EndToken = 2, LengthPenalty = alpha, Results = 5 };
            stream.Reset();
            new BeamSearch(stream, options).Search(prompt).ShouldBe(BruteForce.All(Logits, options).Take(5), 1e-4);
        }

        float[] Logits(IReadOnlyList<int> text)
        {
            using var scope = new TensorScope();
            using var tokens = IndexTensor.FromSpan([.. prompt, .. text], [1, prompt.Length + text.Count]);
            return model.Predict(tokens).Value.Select(1, prompt.Length + text.Count - 1).ToArray();
        }
    }

    /// <summary>First weights predict all tokens almost alike; larger ones do not.</summary>
    private static void Sharpen(Module model)
    {
        foreach (var parameter in model.Parameters())
            parameter.Value.MultiplyInPlace(4f);
    }

    private static float[] Log(params float[] probabilities) => Array.ConvertAll(probabilities, MathF.Log);
}
