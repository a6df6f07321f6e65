using SeqCore.Models;

namespace SeqCore.Tests.Models.Decoding;

public class TextGeneratorTests
{
    /// <summary>After token i comes i + 1, after 4 comes 0.</summary>
    private static readonly Func<IReadOnlyList<int>, float[]> counting = text =>
        [.. Enumerable.Range(0, 5).Select(t => t == (text.Count == 0 ? 0 : (text[^1] + 1) % 5) ? 5f : 0f)];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_full_stream_that_continues_reads_again_what_it_read_in_calls_before(int rows)
    {
        using var gpt = new Gpt(new GptOptions
        {
            VocabularySize = 30,
            MaximumLength = 16,
            Layers = 1,
            HeadCount = 2,
            ModelSize = 16,
        }, new RandomGenerator(3));
        int[][] prompts = [.. Enumerable.Range(0, rows).Select(b => Enumerable.Range(b, 12).ToArray())];
        var options = new GenerationOptions { MaximumLength = 4, KeptContext = 8 };
        using var stream = gpt.NewStream(rows);
        var generator = new TextGenerator(stream);
        var first = generator.GenerateEach(prompts, options);
        var second = generator.Generate([], options);

        // What was read: the prompt, all but the last written token, and from the second call its own.
        using var fresh = gpt.NewStream(rows);
        int[] kept = [.. Enumerable.Range(0, rows).SelectMany(b => (int[])[.. prompts[b].Concat(first[b].Tokens.ToArray()[..3])
            .Concat(second[b].Tokens.ToArray()[..1]).TakeLast(8)])];
        stream.Remaining.Should().Be(16 - 8 - 2, "eight tokens were kept and two more read");
        fresh.ReadEach(kept);
        fresh.Step([.. second.Select(s => s.Tokens.Span[1])]);
        fresh.Step([.. second.Select(s => s.Tokens.Span[2])]);
        fresh.Logits.ToArray().Should().Equal(stream.Logits.ToArray(), (a, b) => Math.Abs(a - b) < 1e-4f);
    }

    [Fact]
    public void A_full_stream_whose_past_is_not_known_refuses_to_forget_it()
    {
        using var gpt = new Gpt(new GptOptions
        {
            VocabularySize = 30,
            MaximumLength = 16,
            Layers = 1,
            HeadCount = 2,
            ModelSize = 16,
        }, new RandomGenerator(3));
        using var stream = gpt.NewStream();
        stream.Read([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
        new TextGenerator(stream).Invoking(g => g.Generate([], new GenerationOptions { MaximumLength = 4, KeptContext = 8 }))
            .Should().Throw<InvalidOperationException>().WithMessage("TextGenerator: the stream was full*Hint:*");
    }

    [Fact]
    public void Without_a_sampler_the_likeliest_tokens_follow_the_prompt_up_to_the_length()
    {
        var text = Write([2, 3], new GenerationOptions { MaximumLength = 4 });
        text.Tokens.ToArray().Should().Equal(4, 0, 1, 2);
        text.End.Should().Be(GenerationEnd.MaximumLength);
        Write([2], new GenerationOptions { MaximumLength = 0 }).Tokens.Length.Should().Be(0);
    }

    [Fact]
    public void Forbidden_tokens_are_never_drawn_but_may_stand_in_the_prompt()
    {
        var options = new GenerationOptions { MaximumLength = 40, ForbiddenTokens = [0, 3] };
        Write([0, 3], options).Tokens.ToArray().Should().NotContain([0, 3]).And.HaveCount(40);
        FluentActions.Invoking(() => Write([1], options with { ForbiddenTokens = [5] })).Should().Throw<ArgumentException>()
            .WithMessage("TextGenerator: *ForbiddenTokens*5*");
        FluentActions.Invoking(() => Write([1], options with { EndToken = 3 })).Should().Throw<ArgumentException>()
            .WithMessage("TextGenerator: the token 3 ends a text and is also forbidden*");
        FluentActions.Invoking(() => Write([1], options with { ForbiddenTokens = [0, 1, 2, 3, 4] }))
            .Should().Throw<ArgumentException>().WithMessage("TextGenerator: ForbiddenTokens contains all 5 tokens, so none*");
    }

    [Fact]
    public void Special_tokens_that_no_text_has_are_named_by_their_tokenizer()
    {
        new SpecialTokens { Padding = 0, Unknown = 1, Start = 2, End = 3, Mask = 4 }.NeverGenerated.Should().Equal(0, 2, 4);
        new SpecialTokens { Padding = 7, Start = 7, End = 7 }.NeverGenerated.Should().BeEmpty();
        SpecialTokens.None.NeverGenerated.Should().BeEmpty();
    }

    [Fact]
    public void Every_condition_ends_a_text_with_the_token_that_meets_it()
    {
        (int[], GenerationEnd) End(GenerationOptions options)
        {
            var text = Write([0], options);
            return (text.Tokens.ToArray(), text.End);
        }

        var options = new GenerationOptions { MaximumLength = 9 };
        End(options with { EndToken = 3 }).Should().BeEquivalentTo((new[] { 1, 2, 3 }, GenerationEnd.EndToken));
        End(options with { StopSequences = [[9], [0, 1], [4, 0]] })
            .Should().BeEquivalentTo((new[] { 1, 2, 3, 4, 0 }, GenerationEnd.StopSequence));
        End(options with { StopSequences = [[0, 1]] })
            .Should().BeEquivalentTo((new[] { 1, 2, 3, 4, 0, 1 }, GenerationEnd.StopSequence), "the prompt's 0 does not count");
        End(options with { StopWhen = (row, written) => row == 0 && written.Length == 2 && written[^1] == 2 })
            .Should().BeEquivalentTo((new[] { 1, 2 }, GenerationEnd.StopWhen));
    }

    [Fact]
    public void Tokens_are_reported_as_they_are_drawn_and_cancellation_ends_after_one()
    {
        using var stop = new CancellationTokenSource();
        var reported = new List<GeneratedToken>();
        using var stream = new TableStream(2, 5, counting);
        var texts = new TextGenerator(stream).Generate([1], new GenerationOptions { MaximumLength = 9 }, token =>
        {
            reported.Add(token);
            stream.Steps.Should().Be(1 + token.Index, "a token is reported before it is read");
            if (token is { Row: 0, Index: 1 })
                stop.Cancel();
        }, stop.Token);
        reported.Should().Equal(new GeneratedToken(0, 0, 2), new GeneratedToken(1, 0, 2), new GeneratedToken(0, 1, 3),
            new GeneratedToken(1, 1, 3));
        texts.Should().OnlyContain(t => t.End == GenerationEnd.Cancelled && t.Tokens.Length == 2);
    }

    [Fact]
    public void Rows_end_each_by_itself_and_read_padding_then()
    {
        using var stream = new TableStream(2, 5, counting);
        stream.Step([0, 2]);
        var texts = new TextGenerator(stream)
            .Generate([], new GenerationOptions { MaximumLength = 9, EndToken = 4, PadToken = 3 });
        texts.Select(t => string.Join(" ", t.Tokens.ToArray())).Should().Equal("1 2 3 4", "3 4");
        stream.Texts[1].Should().Equal(2, 3, 4, 3);
    }

    [Fact]
    public void Prompts_of_different_lengths_are_continued_as_each_alone()
    {
        using var model = new RecurrentLanguageModel(new() { VocabularySize = 5, EmbeddingSize = 4, HiddenSize = 6 },
            new RandomGenerator(1));
        int[][] prompts = [[1, 2, 3], [4], [0, 0]];
        using var together = model.NewStream(3);
        var texts = new TextGenerator(together, Samplers(3)).GenerateEach(prompts, new GenerationOptions { MaximumLength = 7 });
        for (var b = 0; b < 3; b++)
        {
            using var stream = model.NewStream();
            var alone = new TextGenerator(stream, Samplers(3)[b])
                .Generate(prompts[b], new GenerationOptions { MaximumLength = 7 });
            texts[b].Tokens.ToArray().Should().Equal(alone[0].Tokens.ToArray());
        }
    }

    [Fact]
    public void A_Transformer_writes_past_what_it_can_look_back_on()
    {
        using var model = new Gpt(new GptOptions
        {
            VocabularySize = 5,
            MaximumLength = 8,
            Layers = 1,
            HeadCount = 2,
            ModelSize = 8,
        }, new RandomGenerator(3));
        using var stream = model.NewStream(2);
        var options = new GenerationOptions { MaximumLength = 30, KeptContext = 4 };
        var text = new TextGenerator(stream, Samplers(2)).Generate([1, 2], options)[1].Tokens.ToArray();
        text.Should().HaveCount(30);

        // Greedily, each token is the likeliest after the context that the stream has then.
        stream.Reset();
        var greedy = new TextGenerator(stream).Generate([1, 2], options)[0].Tokens.ToArray();
        int[] all = [1, 2, .. greedy];
        using var scope = new TensorScope();
        for (int i = 2, begin = 0; i < all.Length; i++)
        {
            // Eight tokens have been read at places begin to begin + 7; the next one is read after the last four of them.
            if (i - begin == 9)
                begin += 4;
            using var context = IndexTensor.FromSpan(all[begin..i], [1, i - begin]);
            var logits = model.Predict(context).Value.Select(1, i - begin - 1).ToArray();
            all[i].Should().Be(Array.IndexOf(logits, logits.Max()), $"token {i}");
        }
    }

    [Fact]
    public void Tokens_read_at_once_are_as_those_read_one_by_one()
    {
        using var gpt = new Gpt(new GptOptions
        {
            VocabularySize = 5,
            MaximumLength = 8,
            Layers = 2,
            HeadCount = 2,
            ModelSize = 8,
        }, new RandomGenerator(3));
        using var gru = new RecurrentLanguageModel(
            new() { VocabularySize = 5, Kind = RecurrentKind.Gru, EmbeddingSize = 4, HiddenSize = 6 }, new RandomGenerator(1));
        foreach (var model in new LanguageModel[] { gpt, gru })
        {
            using TokenStream together = model.NewStream(2), alone = model.NewStream(2);
            together.Step([4, 0]);
            alone.Step([4, 0]);
            alone.Step([1, 2]);
            alone.Step([3, 0]);
            together.ReadEach([1, 3, 2, 0]).ShouldBeCloseTo(alone.Logits, 1e-5f, model.Kind);
            together.Invoking(s => s.ReadEach([1, 2, 3]))
                .Should().Throw<ArgumentException>().WithMessage("*for each of 2 texts; got 3 in all.*");
        }
    }

    [Fact]
    public void The_same_samplers_write_the_same_texts_again()
    {
        using var model = new RecurrentLanguageModel(
            new() { VocabularySize = 5, Kind = RecurrentKind.Gru, EmbeddingSize = 4, HiddenSize = 6 }, new RandomGenerator(1));
        string Run()
        {
            using var stream = model.NewStream(3);
            return string.Join("|", new TextGenerator(stream, Samplers(3))
                .Generate([1], new GenerationOptions { MaximumLength = 20 }).Select(t => string.Join(" ", t.Tokens.ToArray())));
        }

        Run().Should().Be(Run());
        Run().Split('|').Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void A_penalty_keeps_the_text_and_its_prompt_from_repeating()
    {
        float[] same = [4f, 3.9f, 3.8f, 3.7f, -1f];
        using TableStream free = new(1, 5, _ => same), held = new(1, 5, _ => same);
        new TextGenerator(free).Generate([0], new GenerationOptions { MaximumLength = 3 })[0].Tokens.ToArray()
            .Should().Equal(0, 0, 0);
        new TextGenerator(held).Generate([0], new GenerationOptions { MaximumLength = 4, RepetitionPenalty = 1.5f })[0].Tokens
            .ToArray().Should().Equal(1, 2, 3, 0);
    }

    [Fact]
    public void A_full_stream_ends_the_text_with_a_last_token_that_it_need_not_read()
    {
        using var stream = new TableStream(1, 5, counting, capacity: 4);
        var text = new TextGenerator(stream).Generate([0, 1], new GenerationOptions { MaximumLength = 100 })[0];
        text.Tokens.ToArray().Should().Equal(2, 3, 4);
        text.End.Should().Be(GenerationEnd.StreamFull);
    }

    [Fact]
    public void A_full_stream_can_start_again_with_the_last_tokens()
    {
        using var stream = new TableStream(2, 5, counting, capacity: 4);
        var options = new GenerationOptions { MaximumLength = 11, KeptContext = 2 };
        var texts = new TextGenerator(stream).GenerateEach([[0], [3]], options);
        texts[0].Tokens.ToArray().Should().Equal(1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1);
        texts[1].Tokens.ToArray().Should().Equal(4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4);
        // 4 tokens, then 2 of them again and 2 more, and so on until 1 + 10 were read.
        stream.Texts[0].Should().Equal(3, 4, 0);
        stream.Reset();
        new TextGenerator(stream).Generate([0, 1, 2, 3, 4, 0, 1], options)[0].Tokens.ToArray()[..3].Should().Equal(2, 3, 4);
        stream.Reset();
        new TextGenerator(stream).Generate([0], options with { KeptContext = 50 })[0].Tokens.Length
            .Should().Be(11, "all but one of the tokens are kept at most");
    }

    [Fact]
    public void A_stream_that_has_read_nothing_needs_a_prompt()
    {
        var random = new RandomGenerator(1);
        using var gpt = new Gpt(
            new GptOptions { VocabularySize = 5, MaximumLength = 8, Layers = 1, HeadCount = 2, ModelSize = 8 }, random);
        using var lstm = new RecurrentLanguageModel(new() { VocabularySize = 5, EmbeddingSize = 8, HiddenSize = 8 }, random);
        using var pairs = new RecurrentEncoderDecoder(
            new() { SourceVocabularySize = 5, TargetVocabularySize = 5, EmbeddingSize = 4, HiddenSize = 4 }, random);
        using var transformer = new SeqCore.Models.Transformer(new TransformerOptions
        {
            SourceVocabularySize = 5,
            TargetVocabularySize = 5,
            EncoderLayers = 1,
            DecoderLayers = 1,
            Layer = new TransformerBlockOptions { ModelSize = 8, HeadCount = 2, FeedForwardSize = 8 },
        }, random);
        using var source = IndexTensor.FromSpan([1, 2], [1, 2]);
        foreach (var stream in (TokenStream[])[gpt.NewStream(), lstm.NewStream(), pairs.NewStream(source, null),
            transformer.NewStream(source, null)])
        {
            using (stream)
            {
                Refuses(stream);
                stream.Step(1);
                Generate(stream);
                Search(stream);
                stream.Reset();
                Refuses(stream);
            }
        }

        static void Generate(TokenStream stream) =>
            new TextGenerator(stream).Generate([], new GenerationOptions { MaximumLength = 1 });

        static void Search(TokenStream stream) => new BeamSearch(stream, new BeamSearchOptions { MaximumLength = 1 }).Search([]);

        static void Refuses(TokenStream stream)
        {
            stream.Invoking(Generate).Should().Throw<InvalidOperationException>()
                .WithMessage("TextGenerator: the stream has read nothing*");
            stream.Invoking(Search).Should().Throw<InvalidOperationException>()
                .WithMessage("BeamSearch: the stream has read nothing*");
        }
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        using var stream = new TableStream(2, 5, counting, capacity: 4);
        FluentActions.Invoking(() => new TextGenerator(stream, Samplers(3)))
            .Should().Throw<ArgumentException>().WithMessage("TextGenerator: there should be 2 samplers*got 3.*");
        var options = new GenerationOptions { MaximumLength = 1 };
        void Refuses(Action<TextGenerator> action, string message) =>
            new TextGenerator(stream).Invoking(action).Should().Throw<ArgumentException>().WithMessage(message);
        Refuses(g => g.Generate([0, 1, 2, 3, 4], options),
            "TextGenerator: the prompt has 5 tokens, but the stream can read only 4 more.*");
        Refuses(g => g.GenerateEach([[0], []], options), "TextGenerator: there should be 2 prompts*got 2 of 1, 0 tokens*");
        Refuses(g => g.Generate([0], options with { EndToken = 5 }),
            "TextGenerator: EndToken should be one of the model's tokens, in [0, 5)*5*");
        Refuses(g => g.Generate([0], options with { PadToken = -1 }),
            "TextGenerator: PadToken should be one of the model's tokens, in [0, 5)*-1*");
        Refuses(g => g.Generate([0], options with { MaximumLength = -1 }), "*MaximumLength*");
        Refuses(g => g.Generate([0], options with { KeptContext = 0 }), "*KeptContext*");
        Refuses(g => g.Generate([0], options with { RepetitionPenalty = 0 }), "RepetitionPenalty*");
        Refuses(g => g.Generate([0], options with { StopSequences = [[]] }), "GenerationOptions: a stop sequence is empty*");
    }

    private static GeneratedText Write(int[] prompt, GenerationOptions options)
    {
        using var stream = new TableStream(1, 5, counting);
        return new TextGenerator(stream).Generate(prompt, options).Single();
    }

    private static Sampler[] Samplers(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new Sampler(new RandomGenerator((ulong)i)))];
}
