using SeqCore.Models;
using SeqCore.Tests.Goldens;

namespace SeqCore.Tests.Models.Transformer;

public class TransformerNamesTests
{
    private static readonly GptOptions Llama = new()
    {
        VocabularySize = 7,
        MaximumLength = null,
        Layers = 2,
        HeadCount = 4,
        KeyHeadCount = 2,
        ModelSize = 8,
        FeedForwardSize = 6,
        Positions = PositionKind.Rotary,
        Norm = NormKind.RmsNorm,
        Activation = FeedForwardActivation.SwiGlu,
        Bias = false,
        TieWeights = false,
    };

    private static readonly GptOptions Gpt2 = new()
    {
        VocabularySize = 7,
        MaximumLength = 6,
        Layers = 2,
        HeadCount = 2,
        ModelSize = 8,
        Activation = FeedForwardActivation.GeluTanh,
    };

    private static readonly BertOptions Bert = new()
    {
        VocabularySize = 9,
        MaximumLength = 6,
        Layers = 2,
        HeadCount = 2,
        ModelSize = 4,
        FeedForwardSize = 5,
        ClassCount = 3,
    };

    public static TheoryData<string> Formats => ["nanoGPT", "GPT-2", "GPT-2 with exact GELU", "Llama", "BERT"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void What_one_model_writes_another_reads(string format) => Exchange(format, 0);

    [Theory]
    [MemberData(nameof(Formats))]
    public void Heads_of_values_of_their_own_size_have_the_same_names(string format) => Exchange(format, 3);

    private static void Exchange(string format, int valueHeadSize)
    {
        using var scope = new TensorScope();
        var (names, make) = Of(format, valueHeadSize);
        names.Format.Should().Be(format);
        using Module model = make(1), other = make(2);
        other.LoadStateDictionary(model.StateDictionary(names), names);
        foreach (var (name, value) in model.StateDictionary())
            other.StateDictionary()[name].ToArray().Should().Equal(value.ToArray(), name);
    }

    [Fact]
    public void GPT_2_stores_transposed_matrices_and_its_files_may_lack_the_prefix()
    {
        using var scope = new TensorScope();
        using Gpt model = new(Gpt2, new RandomGenerator(1)), other = new(Gpt2, new RandomGenerator(2));
        var (own, published) = (model.StateDictionary(), model.StateDictionary(TransformerNames.Gpt2));
        published.Keys.Should().Equal(own.Keys, "nanoGPT kept the names");
        published["transformer.h.1.attn.c_attn.weight"].Shape.ToString().Should().Be("(8, 24)");
        published["transformer.h.1.mlp.c_fc.weight"].ToArray()
            .Should().Equal(own["transformer.h.1.mlp.c_fc.weight"].Transpose().ToArray());
        published["transformer.wpe.weight"].Should().BeSameAs(own["transformer.wpe.weight"], "an embedding is no such matrix");
        var file = published.Where(p => p.Key != "lm_head.weight")
            .ToDictionary(p => p.Key["transformer.".Length..], p => p.Value);
        file.Add("h.0.attn.bias", Tensor.Zeros([1, 1, 6, 6]));
        other.LoadStateDictionary(file, TransformerNames.Gpt2);
        other.StateDictionary()["transformer.h.0.attn.c_attn.weight"].ToArray()
            .Should().Equal(own["transformer.h.0.attn.c_attn.weight"].ToArray());
    }

    [Fact]
    public void Llama_has_queries_keys_values_and_gates_apart()
    {
        using var scope = new TensorScope();
        using var model = new Gpt(Llama, new RandomGenerator(1));
        var (own, published) = (model.StateDictionary(), model.StateDictionary(TransformerNames.Llama));
        published.Where(p => p.Key.StartsWith("model.layers.0", StringComparison.Ordinal)).Select(p => $"{p.Key} {p.Value.Shape}")
            .Should().Equal(
                "model.layers.0.input_layernorm.weight (8,)",
                "model.layers.0.self_attn.q_proj.weight (8, 8)",
                "model.layers.0.self_attn.k_proj.weight (4, 8)",
                "model.layers.0.self_attn.v_proj.weight (4, 8)",
                "model.layers.0.self_attn.o_proj.weight (8, 8)",
                "model.layers.0.post_attention_layernorm.weight (8,)",
                "model.layers.0.mlp.gate_proj.weight (6, 8)",
                "model.layers.0.mlp.up_proj.weight (6, 8)",
                "model.layers.0.mlp.down_proj.weight (8, 6)");
        published["model.layers.1.self_attn.v_proj.weight"].ToArray()
            .Should().Equal(own["transformer.h.1.attn.c_attn.weight"].Slice(0, 12, 4).ToArray());
        published["model.layers.1.mlp.up_proj.weight"].ToArray()
            .Should().Equal(own["transformer.h.1.mlp.c_fc.weight"].Slice(0, 6, 6).ToArray(), "the gate is the first half");
        published["model.norm.weight"].FillInPlace(2f);
        own["transformer.ln_f.weight"].ToArray().Should().OnlyContain(w => w == 2f, "they are views");
    }

    [Fact]
    public void Published_BERTs_load_with_older_spellings_and_heads_that_the_model_lacks()
    {
        using var model = new Bert(Bert with { ClassCount = 0 }, new RandomGenerator(1));
        var state = Golden.Read("bert.json").GetProperty("state").EnumerateObject()
            .Where(p => !p.Name.StartsWith("classifier", StringComparison.Ordinal))
            .ToDictionary(p => p.Name.Replace("LayerNorm.weight", "LayerNorm.gamma", StringComparison.Ordinal)
                .Replace("LayerNorm.bias", "LayerNorm.beta", StringComparison.Ordinal), p => p.Value.ToTensor());
        state.Add("bert.embeddings.position_ids", Tensor.Zeros([1, 6]));
        state.Add("cls.seq_relationship.weight", Tensor.Zeros([2, 4]));
        model.LoadStateDictionary(state, TransformerNames.Bert);
        model.StateDictionary()["bert.encoder.layer.1.output.LayerNorm.weight"].ToArray()
            .Should().Equal(state["bert.encoder.layer.1.output.LayerNorm.gamma"].ToArray());
        model.Invoking(m => m.LoadStateDictionary(state)).Should().Throw<StateDictionaryException>("there it has one spelling");
    }

    [Fact]
    public void Llama_s_values_may_be_wider_than_its_keys()
    {
        using var scope = new TensorScope();
        using var model = new Gpt(Llama with { ValueHeadSize = 3 }, new RandomGenerator(1));
        var published = model.StateDictionary(TransformerNames.Llama);
        new[] { "q", "k", "v", "o" }.Select(n => published[$"model.layers.0.self_attn.{n}_proj.weight"].Shape.ToString())
            .Should().Equal("(8, 8)", "(4, 8)", "(6, 8)", "(8, 12)");
        published["model.layers.1.self_attn.v_proj.weight"].ToArray()
            .Should().Equal(model.StateDictionary()["transformer.h.1.attn.c_attn.weight"].Slice(0, 12, 6).ToArray());
    }

    [Fact]
    public void All_that_does_not_fit_is_listed_at_once_and_nothing_is_copied()
    {
        using var scope = new TensorScope();
        using Gpt model = new(Llama, new RandomGenerator(1)), other = new(Llama, new RandomGenerator(2));
        var state = model.StateDictionary(TransformerNames.Llama).ToDictionary();
        state.Remove("model.layers.0.self_attn.k_proj.weight");
        state["model.layers.1.mlp.gate_proj.weight"] = Tensor.Zeros([8, 6]);
        state["model.layers.2.input_layernorm.weight"] = Tensor.Zeros([8]);
        var before = other.StateDictionary().Select(p => p.Value.ToArray()).ToList();
        var misfit = other.Invoking(m => m.LoadStateDictionary(state, TransformerNames.Llama))
            .Should().Throw<StateDictionaryException>().Which;
        misfit.Missing.Should().Equal("model.layers.0.self_attn.k_proj.weight");
        misfit.Unexpected.Should().Equal("model.layers.2.input_layernorm.weight");
        misfit.WrongShapes.Should().Equal("model.layers.1.mlp.gate_proj.weight should have shape (6, 8), got (8, 6)");
        other.StateDictionary().Select(p => p.Value.ToArray()).Should().BeEquivalentTo(before, o => o.WithStrictOrdering());
    }

    [Fact]
    public void A_model_that_cannot_have_the_names_is_refused()
    {
        var llama = TransformerNames.Llama;
        Refused(llama, Llama with { RotaryPairs = RotaryPairs.Interleaved }, "Gpt: its weights cannot have the names of Llama:"
            + " they need a model whose RotaryPairs is HalfSplit; it is Interleaved.");
        Refused(llama, Llama with { Activation = FeedForwardActivation.Gelu }, "*whose Activation is SwiGlu; it is Gelu.");
        Refused(llama, Llama with { Positions = PositionKind.Learned, MaximumLength = 4 },
            "*whose Positions is Rotary; it is Learned.");
        Refused(llama, Llama with { Positions = PositionKind.Alibi }, "*whose Positions is Rotary; it is Alibi.");
        Refused(llama, Llama with { Positions = PositionKind.Sinusoidal }, "*whose Positions is Rotary; it is Sinusoidal.");
        Refused(llama, Llama with { Norm = NormKind.LayerNorm }, "*whose Norm is RmsNorm; it is LayerNorm.");
        Refused(llama, Llama with { NormFirst = false }, "*whose NormFirst is True; it is False.");
        Refused(TransformerNames.Gpt2, Gpt2 with { Activation = FeedForwardActivation.Gelu }, "*names of GPT-2: they need a model"
            + " whose Activation is GeluTanh; it is Gelu. Hint: set Activation = FeedForwardActivation.GeluTanh, or for a"
            + " checkpoint whose activation is the exact 'gelu', pass Gpt2ExactGelu.");
        Refused(TransformerNames.Gpt2ExactGelu, Gpt2, "*whose Activation is Gelu; it is GeluTanh.*pass Gpt2.");

        static void Refused(WeightNames names, GptOptions options, string message)
        {
            using var scope = new TensorScope();
            using var model = new Gpt(options, new RandomGenerator(1));
            model.Invoking(m => m.StateDictionary(names)).Should().Throw<ArgumentException>().WithMessage(message);
        }
    }

    [Fact]
    public void An_error_names_the_table_that_fits_the_names()
    {
        using var scope = new TensorScope();
        using var gpt = new Gpt(Gpt2, new RandomGenerator(1));
        using var llama = new Gpt(Llama, new RandomGenerator(1));
        var published = gpt.StateDictionary(TransformerNames.Gpt2);
        var file = published.Where(p => p.Key != "lm_head.weight")
            .ToDictionary(p => p.Key["transformer.".Length..], p => p.Value);
        Refused(gpt, file, null, "*Hint: these are the names of GPT-2; pass TransformerNames.Gpt2.");
        Refused(gpt, published, null, "*Hint: its matrices are transposed; pass TransformerNames.Gpt2.");
        Refused(gpt, gpt.StateDictionary(), TransformerNames.Gpt2,
            "*Hint: its matrices are transposed; pass TransformerNames.NanoGpt.");
        Refused(gpt, llama.StateDictionary(TransformerNames.Llama), null,
            "*Hint: these are the names of Llama; pass TransformerNames.Llama.");
        Refused(llama, file, TransformerNames.Llama, "*Hint: these are the names of GPT-2; pass TransformerNames.Gpt2.");
        var compiled = gpt.StateDictionary().ToDictionary(p => "_orig_mod." + p.Key, p => p.Value);
        Refused(gpt, compiled, null,
            "*Hint: the names have the prefix '_orig_mod.' there; to remove it, pass n => n[\"_orig_mod.\".Length..].");
        gpt.LoadStateDictionary(compiled, n => n["_orig_mod.".Length..]);
        using var smaller = new Gpt(Gpt2 with { Layers = 1 }, new RandomGenerator(1));
        Refused(gpt, smaller.StateDictionary(), null, "*Hint: was it saved by a model of another kind or size?");
        Refused(gpt, new Linear(8, 8, new RandomGenerator(1)).StateDictionary(), null,
            "*Hint: was it saved by a model of another kind or size?");
    }

    [Fact]
    public void An_error_names_TieWeights_if_the_file_s_model_had_it_otherwise()
    {
        using var scope = new TensorScope();
        using var tied = new Gpt(Gpt2, new RandomGenerator(1));
        using var apart = new Gpt(Gpt2 with { TieWeights = false }, new RandomGenerator(1));
        Refused(tied, apart.StateDictionary(), null, "*one parameter here*Hint: was it saved by a model whose head has weights of"
            + " its own? Then set TieWeights = false.");
        var file = tied.StateDictionary().Where(p => p.Key != "lm_head.weight").ToDictionary();
        Refused(apart, file, null, "*missing: lm_head.weight. Hint: was it saved by a model whose head has the weights of the"
            + " embedding? Then set TieWeights = true.");
    }

    [Fact]
    public void Two_spellings_of_one_name_are_refused_by_both()
    {
        using var scope = new TensorScope();
        using var model = new Gpt(Gpt2, new RandomGenerator(1));
        var state = model.StateDictionary(TransformerNames.Gpt2);
        state.Add("wte.weight", state["transformer.wte.weight"]);
        model.Invoking(m => m.LoadStateDictionary(state, TransformerNames.Gpt2)).Should().Throw<ArgumentException>()
            .WithMessage("GPT-2: the file has two weights of the name 'transformer.wte.weight', spelled 'transformer.wte.weight'"
                + " and 'wte.weight'.");
    }

    private static void Refused(Module module, IReadOnlyDictionary<string, Tensor> state, WeightNames? names, string message)
    {
        var load = () =>
        {
            if (names is null)
                module.LoadStateDictionary(state);
            else
                module.LoadStateDictionary(state, names);
        };
        load.Should().Throw<StateDictionaryException>().WithMessage(message);
    }

    [Fact]
    public void A_table_of_one_s_own_names_what_it_lists()
    {
        using var scope = new TensorScope();
        using var layer = new Sequential(new Linear(2, 3, new RandomGenerator(1)));
        var names = new WeightNames("mine", [new("*", "block.*.dense", IsTransposed: true)]);
        var state = layer.StateDictionary(names);
        state.Select(p => $"{p.Key} {p.Value.Shape}").Should().Equal("block.0.dense.weight (2, 3)", "block.0.dense.bias (3,)");
    }

    private static (WeightNames Names, Func<ulong, Module> Make) Of(string format, int valueHeadSize)
    {
        var (gpt2, llama, bert) = (Gpt2 with { ValueHeadSize = valueHeadSize }, Llama with { ValueHeadSize = valueHeadSize },
            Bert with { ValueHeadSize = valueHeadSize });
        return format switch
        {
            "nanoGPT" => (TransformerNames.NanoGpt, seed => new Gpt(gpt2, new RandomGenerator(seed))),
            "GPT-2" => (TransformerNames.Gpt2, seed => new Gpt(gpt2, new RandomGenerator(seed))),
            "GPT-2 with exact GELU" => (TransformerNames.Gpt2ExactGelu,
                seed => new Gpt(gpt2 with { Activation = FeedForwardActivation.Gelu }, new RandomGenerator(seed))),
            "Llama" => (TransformerNames.Llama, seed => new Gpt(llama, new RandomGenerator(seed))),
            _ => (TransformerNames.Bert, seed => new Bert(bert, new RandomGenerator(seed))),
        };
    }
}
