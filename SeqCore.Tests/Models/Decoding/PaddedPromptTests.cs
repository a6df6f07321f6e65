using SeqCore.Models;
using SeqCore.Tests.Models.Transformer;

namespace SeqCore.Tests.Models.Decoding;

/// <summary>Prompts of different lengths that are read at once.</summary>
public class PaddedPromptTests
{
    private static readonly int[][] Prompts = [[3, 1, 4, 1, 5, 9, 2, 6], [5, 3], [5], [8, 9, 7, 9, 3]];

    public static TheoryData<PositionKind, int> Models => new(
        from positions in Enum.GetValues<PositionKind>()
        from window in (int[])[0, 4]
        select (positions, window));

    [Theory, MemberData(nameof(Models))]
    public void Each_text_continues_as_if_it_were_alone(PositionKind positions, int window)
    {
        using var scope = new TensorScope();
        using var model = NewGpt(positions, window);
        using var stream = model.NewStream(Prompts.Length);
        stream.SupportsPadding.Should().BeTrue();
        var rows = Array.ConvertAll(Prompts, _ => (GptStream)model.NewStream());
        for (var again = 0; again < 2; again++)
        {
            // The second time, another text is the longest.
            int[][] prompts = again == 0 ? Prompts : [[1], [2, 2, 2], [7, 1, 8, 2, 8, 1], [8, 2]];
            Compare(stream.ReadEach(prompts), b => rows[b].Read(prompts[b]), "prompt");
            stream.Remaining.Should().Be(20 - prompts.Max(p => p.Length));
            for (var t = 0; t < 3; t++)
                Step(t);

            // Beams: rows 0 and 1 continue row 3, and row 3 continues row 0.
            int[] from = [3, 3, 2, 0];
            stream.Reorder(from);
            int[][] texts = [.. from.Select(b => (int[])[.. prompts[b], .. Enumerable.Range(0, 3).Select(t => Next(b, t))])];
            for (var b = 0; b < rows.Length; b++)
            {
                rows[b].Reset();
                rows[b].Read(texts[b]);
            }

            Compare(stream.Logits, b => rows[b].Logits, "reordered");
            for (var t = 3; t < 9; t++)
                Step(t);
            stream.ReadEach([.. Enumerable.Range(0, 8)]);
            Compare(stream.Logits, b => rows[b].Read([2 * b, (2 * b) + 1]), "more at once");
            stream.Reset();
            foreach (var row in rows)
                row.Reset();
        }

        // After a reset nothing is padding.
        stream.Read([1, 2, 3]);
        Compare(stream.Logits, b => rows[b].Read([1, 2, 3]), "after a reset");
        foreach (var row in rows)
            row.Dispose();

        void Step(int t) => Compare(stream.Step([.. Enumerable.Range(0, rows.Length).Select(b => Next(b, t))]),
            b => rows[b].Step(Next(b, t)), $"step {t}");

        void Compare(Tensor actual, Func<int, Tensor> alone, string name)
        {
            for (var b = 0; b < rows.Length; b++)
                actual.Slice(0, b, 1).ShouldBeCloseTo(alone(b), 2e-6f, $"{name}, row {b}");
        }

        static int Next(int b, int t) => ((b * 3) + (t * 2)) % 10;
    }

    [Fact]
    public void Targets_of_an_encoder_decoder_continue_as_if_they_were_alone()
    {
        using var scope = new TensorScope();
        foreach (var positions in Enum.GetValues<PositionKind>())
        {
            using var model = TransformerTests.Lively(TransformerTests.Small with { Positions = positions, MaximumLength = 12 });
            using var source = TransformerTests.Tokens([1, 2, 3, 4, 8, 7, 5, 0], 2);
            using var stream = model.NewStream(source, null);
            int[][] prompts = [[0, 3], [0, 3, 5, 1]];
            stream.ReadEach(prompts);
            stream.Step([2, 4]);
            for (var b = 0; b < 2; b++)
            {
                using var row = TransformerTests.Tokens(source.Slice(0, b, 1).ToArray(), 1);
                using var alone = model.NewStream(row, null);
                alone.Read(prompts[b]);
                alone.Step([2 + (2 * b)]);
                stream.Logits.Slice(0, b, 1).ShouldBeCloseTo(alone.Logits, 2e-6f, $"{positions}, row {b}");
            }
        }
    }

    [Theory]
    [InlineData(PositionKind.Learned)]
    [InlineData(PositionKind.Rotary)]
    public void Generators_write_what_they_write_for_each_prompt_alone(PositionKind positions)
    {
        using var model = NewGpt(positions, 0);

        // 8 + 13 - 1 tokens fit; with more the prompts are read token by token, and with a context the stream begins anew.
        foreach (var (length, kept) in ((int, int?)[])[(6, null), (13, null), (20, 4)])
        {
            var options = new GenerationOptions { MaximumLength = length, KeptContext = kept, RepetitionPenalty = 1.2f };
            using var together = model.NewStream(Prompts.Length);
            var texts = new TextGenerator(together, Samplers()).GenerateEach(Prompts, options);
            for (var b = 0; b < Prompts.Length; b++)
            {
                using var alone = model.NewStream();
                var expected = new TextGenerator(alone, Samplers()[b]).GenerateEach([Prompts[b]],
                    options with { MaximumLength = kept is null ? length : 12 })[0];
                var written = texts[b].Tokens.ToArray();
                written.Should().HaveCount(length);
                (kept is null ? written : written[..12]).Should().Equal(expected.Tokens.ToArray(), $"row {b} of {length}");
            }
        }

        static Sampler[] Samplers() =>
            [.. Enumerable.Range(0, Prompts.Length).Select(b => new Sampler(new RandomGenerator((ulong)b), 0.9f))];
    }

    [Fact]
    public void A_full_stream_reads_the_last_tokens_of_texts_of_different_lengths_again()
    {
        using var model = NewGpt(PositionKind.Learned, 0);
        using var stream = model.NewStream(Prompts.Length);
        var generator = new TextGenerator(stream);
        var first = generator.GenerateEach(Prompts, new GenerationOptions { MaximumLength = 13 });
        stream.Remaining.Should().Be(0);
        var second = generator.Generate([], new GenerationOptions { MaximumLength = 2, KeptContext = 15 });
        stream.Remaining.Should().Be(20 - 15 - 1, "15 tokens of the longest text were kept, and one more was read");
        for (var b = 0; b < Prompts.Length; b++)
        {
            // Read: the prompt and all that was written before but the newest token, which is read after the others.
            using var alone = model.NewStream();
            int[] all = [.. Prompts[b], .. first[b].Tokens.ToArray()];
            alone.Read([.. all[..^1].TakeLast(15)]);
            alone.Step(second[b].Tokens.Span[0]);
            stream.Logits.Slice(0, b, 1).ShouldBeCloseTo(alone.Logits, 2e-6f, $"row {b}");
        }
    }

    [Fact]
    public void A_beam_search_continues_prompts_of_different_lengths()
    {
        using var model = NewGpt(PositionKind.Rotary, 0);
        var options = new BeamSearchOptions { MaximumLength = 4, Width = 2 };
        using var stream = model.NewStream(2 * Prompts.Length);
        stream.ReadEach([.. Prompts.SelectMany(p => (int[][])[p, p])]);
        var texts = new BeamSearch(stream, options).SearchAll([]);
        for (var b = 0; b < Prompts.Length; b++)
        {
            using var alone = model.NewStream(2);
            texts[b][0].Tokens.ToArray().Should().Equal(new BeamSearch(alone, options).Search(Prompts[b])[0].Tokens.ToArray());
        }
    }

    [Fact]
    public void Prompts_that_do_not_fit_are_refused()
    {
        using var model = NewGpt(PositionKind.Learned, 0);
        using var stream = model.NewStream(2);
        stream.Invoking(s => s.ReadEach([[1, 2], []])).Should().Throw<ArgumentException>()
            .WithMessage("GptStream: there should be 2 prompts, one for each row*got 2 of 2, 0 tokens.*");
        stream.Invoking(s => s.ReadEach([[1, 2]])).Should().Throw<ArgumentException>().WithMessage("*got 1 of 2 tokens.*");
        stream.Invoking(s => s.ReadEach([[1], [1, 99]])).Should().Throw<ArgumentException>().WithMessage("*no token 99*");
        stream.ReadEach([[1, 2], [3, 4]]).ToArray().Should().Equal(Read([1, 2, 3, 4]));
        stream.ReadEach([[1], [3]]);
        ((GptStream)stream).Position.Should().Be(3);
        stream.Invoking(s => s.ReadEach([[1], [1, 2]])).Should().Throw<InvalidOperationException>()
            .WithMessage("GptStream: prompts of different lengths can be read only at the start*Hint: call Reset.");

        using var recurrent = new RecurrentLanguageModel(
            new RecurrentLanguageModelOptions { VocabularySize = 10, HiddenSize = 4, EmbeddingSize = 4 }, new RandomGenerator(1));
        using var states = recurrent.NewStream(2);
        states.SupportsPadding.Should().BeFalse();
        states.Invoking(s => s.ReadEach([[1], [1, 2]])).Should().Throw<NotSupportedException>()
            .WithMessage("LanguageModelStream: it reads only prompts of one length at once. Hint: TextGenerator.GenerateEach*");
        var logits = states.ReadEach([[1, 2], [3, 4]]).ToArray();
        states.Reset();
        states.ReadEach([1, 2, 3, 4]).ToArray().Should().Equal(logits);

        float[] Read(int[] tokens)
        {
            using var other = model.NewStream(2);
            return other.ReadEach(tokens).ToArray();
        }
    }

    private static Gpt NewGpt(PositionKind positions, int window)
    {
        var model = new Gpt(new GptOptions
        {
            VocabularySize = 10,
            MaximumLength = 20,
            Layers = 2,
            HeadCount = 4,
            KeyHeadCount = 2,
            ModelSize = 16,
            Positions = positions,
            Window = window,
        }, new RandomGenerator(3));
        ParameterCheck.Enliven(model, new RandomGenerator(4));
        return model;
    }
}
