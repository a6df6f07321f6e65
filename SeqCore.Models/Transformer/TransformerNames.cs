namespace SeqCore.Models;

/// <summary>
/// The names of published Transformers, for
/// <see cref="Module.LoadStateDictionary(IReadOnlyDictionary{string, Tensor}, WeightNames)"/> and
/// <see cref="Module.StateDictionary(WeightNames)"/>. PyTorch's layers need no table: <see cref="TransformerBlock"/>,
/// <see cref="TransformerStack"/> and <see cref="Transformer"/> have their names.
/// </summary>
public static class TransformerNames
{
    private const string Layer = "stack.layers.*.";

    /// <summary>
    /// The names of nanoGPT for a <see cref="Gpt"/>, which are also its own: <c>transformer.h.0.attn.c_attn.weight</c>, with
    /// matrices of shape (O, I).
    /// </summary>
    public static WeightNames NanoGpt { get; } = new("nanoGPT", Gpt(isTransposed: false));

    /// <summary>
    /// The names of Hugging Face's GPT-2 for a <see cref="Gpt"/>: those of nanoGPT, but with matrices of shape (I, O). Files
    /// without the prefix <c>transformer.</c> can be read too. The model has <see cref="FeedForwardActivation.GeluTanh"/>, as
    /// OpenAI's weights need, which is not the default of <see cref="GptOptions"/>.
    /// </summary>
    public static WeightNames Gpt2 { get; } = Transposed("GPT-2", FeedForwardActivation.GeluTanh,
        $"for a checkpoint whose activation is the exact 'gelu', pass {nameof(Gpt2ExactGelu)}");

    /// <summary>
    /// The same names for checkpoints whose <c>activation_function</c> is <c>gelu</c> instead of GPT-2's <c>gelu_new</c>, and for
    /// models that were trained here with <see cref="FeedForwardActivation.Gelu"/>, the default.
    /// </summary>
    public static WeightNames Gpt2ExactGelu { get; } = Transposed("GPT-2 with exact GELU", FeedForwardActivation.Gelu,
        $"for OpenAI's weights, pass {nameof(Gpt2)}");

    /// <summary>
    /// The names of Hugging Face's Llama for a <see cref="Gpt"/>: <c>model.layers.0.self_attn.q_proj.weight</c>. The model has
    /// rotary positions that pair halves, <see cref="NormKind.RmsNorm"/> before each part,
    /// <see cref="FeedForwardActivation.SwiGlu"/> and, for most checkpoints, no biases; <c>RotaryBase</c> and <c>Epsilon</c> are
    /// in a checkpoint's configuration.
    /// </summary>
    public static WeightNames Llama { get; } = new("Llama",
    [
        new("tokens", "model.embed_tokens"),
        new(Layer + "norm1", "model.layers.*.input_layernorm"),
        new(Layer + "self_attn.in_proj_weight", "model.layers.*.self_attn.q_proj+k_proj+v_proj.weight"),
        new(Layer + "self_attn.in_proj_bias", "model.layers.*.self_attn.q_proj+k_proj+v_proj.bias"),
        new(Layer + "self_attn.out_proj", "model.layers.*.self_attn.o_proj"),
        new(Layer + "norm2", "model.layers.*.post_attention_layernorm"),
        new(Layer + "linear1", "model.layers.*.mlp.gate_proj+up_proj"),
        new(Layer + "linear2", "model.layers.*.mlp.down_proj"),
        new("stack.norm", "model.norm"),
        new("head", "lm_head"),
    ])
    {
        IsOptional = name => name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal),
        Mismatch = model => model is Gpt gpt ? LlamaMismatch(gpt.Options) : null,
    };

    /// <summary>
    /// The names of Hugging Face's BERT for a <see cref="Models.Bert"/>, which are also its own:
    /// <c>bert.encoder.layer.0.attention.self.query.weight</c>. In <c>LoadStateDictionary</c>, older spellings of norms are
    /// accepted too, as are files with heads that the model lacks.
    /// </summary>
    public static WeightNames Bert { get; } = new("BERT",
    [
        new("tokens", "bert.embeddings.word_embeddings"),
        new("positions", "bert.embeddings.position_embeddings"),
        new("segments", "bert.embeddings.token_type_embeddings"),
        new("norm", "bert.embeddings.LayerNorm"),
        new(Layer + "self_attn.in_proj_weight", "bert.encoder.layer.*.attention.self.query+key+value.weight"),
        new(Layer + "self_attn.in_proj_bias", "bert.encoder.layer.*.attention.self.query+key+value.bias"),
        new(Layer + "self_attn.out_proj", "bert.encoder.layer.*.attention.output.dense"),
        new(Layer + "mixer", "bert.encoder.layer.*.attention"),
        new(Layer + "norm1", "bert.encoder.layer.*.attention.output.LayerNorm"),
        new(Layer + "linear1", "bert.encoder.layer.*.intermediate.dense"),
        new(Layer + "linear2", "bert.encoder.layer.*.output.dense"),
        new(Layer + "feed_forward", "bert.encoder.layer.*.intermediate"),
        new(Layer + "norm2", "bert.encoder.layer.*.output.LayerNorm"),
        new("stack.norm", "bert.encoder.norm"),
        new("pooler", "bert.pooler.dense"),
        new("token_head.bias", "cls.predictions.bias"),
        new("token_head.dense", "cls.predictions.transform.dense"),
        new("token_head.norm", "cls.predictions.transform.LayerNorm"),
        new("token_head.decoder", "cls.predictions.decoder"),
        new("classifier", "classifier"),
    ])
    {
        Normalize = name => name.Replace("LayerNorm.gamma", "LayerNorm.weight", StringComparison.Ordinal)
            .Replace("LayerNorm.beta", "LayerNorm.bias", StringComparison.Ordinal),
        IsOptional = name => name == "bert.embeddings.position_ids"
            || name.StartsWith("cls.seq_relationship.", StringComparison.Ordinal)
            || name.StartsWith("bert.pooler.", StringComparison.Ordinal),
    };

    /// <summary>The tables, with the names of their properties.</summary>
    internal static IReadOnlyList<(string Name, WeightNames Table)> Of(Module model) => model switch
    {
        Models.Gpt => [(nameof(NanoGpt), NanoGpt), (nameof(Gpt2), Gpt2), (nameof(Llama), Llama)],
        Models.Bert => [(nameof(Bert), Bert)],
        _ => [],
    };

    /// <summary>Returns what a model computes otherwise than Llama though its weights can have the names and shapes.</summary>
    private static string? LlamaMismatch(GptOptions options) => options switch
    {
        { Positions: not PositionKind.Rotary } => Needs(nameof(options.Positions), PositionKind.Rotary, options.Positions),
        { RotaryPairs: not RotaryPairs.HalfSplit } =>
            Needs(nameof(options.RotaryPairs), RotaryPairs.HalfSplit, options.RotaryPairs),
        { Norm: not NormKind.RmsNorm } => Needs(nameof(options.Norm), NormKind.RmsNorm, options.Norm),
        { NormFirst: false } => Needs(nameof(options.NormFirst), true, false),
        { NewFeedForward: null, Activation: not FeedForwardActivation.SwiGlu } =>
            Needs(nameof(options.Activation), FeedForwardActivation.SwiGlu, options.Activation),
        _ => null,
    };

    private static string Needs<T>(string option, T needed, T actual) =>
        $"they need a model whose {option} is {needed}; it is {actual}";

    /// <summary>Makes the table for GPT-2's matrices of shape (I, O), for models with an activation.</summary>
    private static WeightNames Transposed(string format, FeedForwardActivation activation, string hint) =>
        new(format, Gpt(isTransposed: true))
        {
            Normalize = name => name.StartsWith("transformer.", StringComparison.Ordinal) ? name : "transformer." + name,
            IsOptional = name => name.EndsWith(".attn.bias", StringComparison.Ordinal)
                || name.EndsWith(".attn.masked_bias", StringComparison.Ordinal),
            Mismatch = model => model is Gpt { Options: { NewFeedForward: null } options } && options.Activation != activation
                ? $"{Needs(nameof(options.Activation), activation, options.Activation)}. Hint: set"
                    + $" {nameof(options.Activation)} = {nameof(FeedForwardActivation)}.{activation}, or {hint}"
                : null,
        };

    private static IEnumerable<WeightName> Gpt(bool isTransposed) =>
    [
        new("tokens", "transformer.wte"),
        new("positions", "transformer.wpe"),
        new(Layer + "norm1", "transformer.h.*.ln_1"),
        new(Layer + "self_attn.in_proj_weight", "transformer.h.*.attn.c_attn.weight", isTransposed),
        new(Layer + "self_attn.in_proj_bias", "transformer.h.*.attn.c_attn.bias"),
        new(Layer + "self_attn.out_proj", "transformer.h.*.attn.c_proj", isTransposed),
        new(Layer + "mixer", "transformer.h.*.attn"),
        new(Layer + "norm2", "transformer.h.*.ln_2"),
        new(Layer + "linear1", "transformer.h.*.mlp.c_fc", isTransposed),
        new(Layer + "linear2", "transformer.h.*.mlp.c_proj", isTransposed),
        new(Layer + "feed_forward", "transformer.h.*.mlp"),
        new("stack.norm", "transformer.ln_f"),
        new("head", "lm_head"),
    ];
}
