using SeqCore.Models;

namespace SeqCore.Tests.Models.Language;

public class RecurrentLanguageModelTests
{
    [Theory]
    [InlineData(RecurrentKind.Rnn, "rnn", 1)]
    [InlineData(RecurrentKind.Gru, "gru", 3)]
    [InlineData(RecurrentKind.Lstm, "lstm", 4)]
    public void Parameters_have_the_names_and_shapes_of_PyTorch(RecurrentKind kind, string name, int gates)
    {
        using var model = Make(kind);
        model.StateDictionary().Select(p => $"{p.Key} {p.Value.Shape}").Should().Equal(
            "embedding.weight (7, 4)",
            $"{name}.weight_ih_l0 ({gates * 5}, 4)",
            $"{name}.weight_hh_l0 ({gates * 5}, 5)",
            $"{name}.bias_ih_l0 ({gates * 5},)",
            $"{name}.bias_hh_l0 ({gates * 5},)",
            $"{name}.weight_ih_l1 ({gates * 5}, 5)",
            $"{name}.weight_hh_l1 ({gates * 5}, 5)",
            $"{name}.bias_ih_l1 ({gates * 5},)",
            $"{name}.bias_hh_l1 ({gates * 5},)",
            "head.weight (7, 5)",
            "head.bias (7,)");
    }

    [Theory]
    [InlineData(RecurrentKind.Rnn)]
    [InlineData(RecurrentKind.Gru)]
    [InlineData(RecurrentKind.Lstm)]
    public void Two_halves_with_the_state_carried_over_are_the_whole(RecurrentKind kind)
    {
        using var scope = new TensorScope();
        using var model = Make(kind);
        using IndexTensor whole = Tokens([1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5], 2), first = Tokens([1, 2, 3, 0, 1, 2], 2),
            second = Tokens([4, 5, 6, 3, 4, 5], 2);
        var (expected, end) = model.Forward(whole);
        var (firstLogits, state) = model.Forward(first);
        var (secondLogits, sameEnd) = model.Forward(second, state);
        Tensor.Concat([firstLogits.Value, secondLogits.Value], 1).ShouldBeCloseTo(expected.Value, 1e-6f, "logits");
        for (var i = 0; i < 2; i++)
            sameEnd.Hidden[i].Value.ShouldBeCloseTo(end.Hidden[i].Value, 1e-6f, "hidden");
        end.Cell.Should().HaveCount(kind == RecurrentKind.Lstm ? 2 : 0);
    }

    [Theory]
    [InlineData(RecurrentKind.Rnn, 1)]
    [InlineData(RecurrentKind.Gru, 1)]
    [InlineData(RecurrentKind.Lstm, 1)]
    [InlineData(RecurrentKind.Lstm, 3)]
    public void Streaming_predicts_what_the_whole_sequence_predicts(RecurrentKind kind, int batch)
    {
        using var scope = new TensorScope();
        using var model = Make(kind, dropout: 0.5f, zoneout: 0.2f);
        model.Evaluate();
        int[] tokens = [.. Enumerable.Range(0, batch * 6).Select(i => i * 3 % 7)];
        using var whole = Tokens(tokens, batch);
        var (expected, end) = model.Forward(whole);
        model.Train();
        using var stream = new LanguageModelStream(model, batch);
        for (var t = 0; t < 6; t++)
        {
            stream.Step([.. Enumerable.Range(0, batch).Select(b => tokens[(b * 6) + t])])
                .ShouldBeCloseTo(expected.Value.Select(1, t), 1e-5f, $"step {t}");
        }

        using var state = stream.CopyState();
        state.Hidden[1].Value.ShouldBeCloseTo(end.Hidden[1].Value, 1e-5f, "state");

        var before = stream.Step([.. Enumerable.Repeat(2, batch)]).ToArray();
        stream.Reset();
        stream.Step([.. Enumerable.Repeat(2, batch)]).ToArray().Should().NotEqual(before);
        stream.Restore(state);
        stream.Step([.. Enumerable.Repeat(2, batch)]).ToArray().Should().Equal(before);
    }

    [Theory]
    [InlineData(RecurrentKind.Lstm)]
    [InlineData(RecurrentKind.Gru)]
    [InlineData(RecurrentKind.Rnn)]
    public void Streaming_allocates_nothing(RecurrentKind kind)
    {
        Requires.Cpu("queueing a kernel on a GPU leaves a little garbage");
        var options = new RecurrentLanguageModelOptions
        {
            VocabularySize = 40,
            Kind = kind,
            EmbeddingSize = 16,
            HiddenSize = 32,
            Layers = 2,
        };
        using var model = new RecurrentLanguageModel(options, new RandomGenerator(1));
        using var stream = new LanguageModelStream(model);
        for (var i = 0; i < 50; i++)
            stream.Step(i % 7);
        Garbage.Of(() =>
        {
            for (var i = 0; i < 100; i++)
                stream.Step(i % 7);
        }).Should().Be(0);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_seed_others()
    {
        using RecurrentLanguageModel a = Make(RecurrentKind.Lstm, seed: 3), b = Make(RecurrentKind.Lstm, seed: 3),
            c = Make(RecurrentKind.Lstm, seed: 4);
        foreach (var (name, value) in a.StateDictionary())
        {
            b.StateDictionary()[name].ToArray().Should().Equal(value.ToArray(), name);
            c.StateDictionary()[name].ToArray().Should().NotEqual(value.ToArray(), name);
        }
    }

    [Fact]
    public void Tied_weights_are_one_parameter_trained_from_both_sides()
    {
        using var model = new RecurrentLanguageModel(
            new() { VocabularySize = 7, Kind = RecurrentKind.Gru, EmbeddingSize = 5, HiddenSize = 5, TieWeights = true },
            new RandomGenerator(1));
        model.Head.Weight.Should().BeSameAs(model.Embedding.Weight);
        model.NamedParameters().Select(p => p.Key).Should().NotContain("head.weight");
        model.StateDictionary().Keys.Should().Contain("head.weight");
        using var tokens = Tokens([1, 1], 1);
        using var tape = new Tape();
        tape.Backward(model.Forward(tokens).Logits.Sum());
        var gradient = model.Embedding.Weight.Gradient!;
        gradient.Select(0, 1).ToArray().Should().NotEqual(gradient.Select(0, 0).ToArray(), "token 1 was looked up, too");
        gradient.Select(0, 0).ToArray().Should().Contain(g => g != 0f, "the head reads every row");
    }

    [Fact]
    public void State_kept_over_a_tape_carries_values_but_no_gradient()
    {
        using var model = Make(RecurrentKind.Lstm);
        using var tokens = Tokens([1, 2, 3], 1);
        RecurrentState kept;
        float[] values;
        using (new Tape())
        {
            kept = model.Forward(tokens).State.Keep();
            values = kept.Hidden[1].Value.ToArray();
        }

        kept.Hidden.Concat(kept.Cell).Should().OnlyContain(v => v.IsLeaf && !v.RequiresGradient);
        kept.Hidden[1].Value.ToArray().Should().Equal(values);
        using (var tape = new Tape())
            tape.Backward(model.Forward(tokens, kept).Logits.Sum());
        kept.Dispose();
        kept.Cell[0].Value.IsDisposed.Should().BeTrue();
    }

    [Fact]
    public void State_survives_its_dictionary()
    {
        using var model = Make(RecurrentKind.Lstm);
        using var state = model.Recurrent.ZeroState(3);
        state.StateDictionary().Keys.Should().Equal("hidden.0", "hidden.1", "cell.0", "cell.1");
        using var copy = RecurrentState.FromStateDictionary(state.StateDictionary());
        copy.BatchSize.Should().Be(3);
        copy.Cell.Should().HaveCount(2);
        var damaged = state.StateDictionary();
        damaged.Remove("cell.0");
        ((Action)(() => RecurrentState.FromStateDictionary(damaged)))
            .Should().Throw<StateDictionaryException>().WithMessage("*missing: cell.0*");
    }

    [Theory]
    [InlineData(RecurrentKind.Rnn)]
    [InlineData(RecurrentKind.Gru)]
    [InlineData(RecurrentKind.Lstm)]
    public void Learns_a_short_cycle_by_heart(RecurrentKind kind)
    {
        using var model = new RecurrentLanguageModel(
            new() { VocabularySize = 5, Kind = kind, EmbeddingSize = 8, HiddenSize = 16 }, new RandomGenerator(2));
        using var optimizer = new Adam(model.Parameters(), 0.02f);
        int[] cycle = [0, 1, 2, 1, 3, 4, 0, 1, 2, 1, 3, 4, 0];
        using IndexTensor tokens = Tokens(cycle[..12], 1), targets = Tokens(cycle[1..], 1);
        var loss = 0f;
        for (var i = 0; i < 80; i++)
        {
            using var tape = new Tape();
            var value = model.Forward(tokens).Logits.CrossEntropy(targets);
            tape.Backward(value);
            optimizer.Step();
            optimizer.ZeroGradients();
            loss = value.Value.Item();
        }

        loss.Should().BeLessThan(0.1f);
    }

    [Fact]
    public void Arguments_that_cannot_be_are_named()
    {
        var random = new RandomGenerator(1);
        ((Action)(() => _ = new RecurrentLanguageModel(
            new() { VocabularySize = 7, EmbeddingSize = 4, HiddenSize = 5, TieWeights = true }, random)))
            .Should().Throw<ArgumentException>()
            .WithMessage("*tied weights need an embedding as wide as the hidden state; got 4 and 5*");
        ((Action)(() => _ = new RecurrentLanguageModel(
            new() { VocabularySize = 7, EmbeddingSize = 4, HiddenSize = 5, Dropout = 1f }, random)))
            .Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => _ = new RecurrentLanguageModel(new() { VocabularySize = 0, EmbeddingSize = 4, HiddenSize = 5 }, random)))
            .Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => _ = new RecurrentLanguageModel(
            new() { VocabularySize = 7, EmbeddingSize = 4, HiddenSize = 5, Layers = 0 }, random)))
            .Should().Throw<ArgumentOutOfRangeException>();
        using var model = Make(RecurrentKind.Lstm);
        using var flat = IndexTensor.FromSpan([1, 2], [2]);
        model.Invoking(m => m.Forward(flat))
            .Should().Throw<ShapeException>().WithMessage("RecurrentLanguageModel: tokens should have shape (B, T)*");
        using var foreign = Tokens([1, 99], 1);
        model.Invoking(m => m.Forward(foreign).Logits.Value.ToArray()).Should().Throw<ArgumentException>().WithMessage("*99*");
        using var stream = new LanguageModelStream(model);
        stream.Invoking(s => s.Step([1, 2])).Should().Throw<ArgumentException>().WithMessage("*there should be 1 token, *got 2*");
        using var gru = new Gru(4, 5, random, new RecurrentLayerOptions { Layers = 2 });
        using var other = gru.ZeroState(1);
        stream.Invoking(s => s.Restore(other)).Should().Throw<ArgumentException>();
    }

    private static RecurrentLanguageModel Make(RecurrentKind kind, float dropout = 0f, ulong seed = 1, float zoneout = 0f) =>
        new(
            new()
            {
                VocabularySize = 7,
                Kind = kind,
                EmbeddingSize = 4,
                HiddenSize = 5,
                Layers = 2,
                Dropout = dropout,
                ZoneoutHidden = zoneout,
            },
            new RandomGenerator(seed));

    private static IndexTensor Tokens(int[] values, int batch) => IndexTensor.FromSpan(values, [batch, values.Length / batch]);
}
