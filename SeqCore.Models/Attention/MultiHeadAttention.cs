namespace SeqCore.Models;

/// <summary>
/// Multi-head attention, concat(head_1, ..., head_N) W_o with head_n = attention(q W_n^q, k W_n^k, v W_n^v) (Vaswani et al.,
/// "Attention is all you need", arXiv:1706.03762, section 3.2.2); with fewer key heads than query heads, grouped-query attention
/// (Ainslie et al., "GQA", arXiv:2305.13245). Parameters have the names of PyTorch's MultiheadAttention: <c>in_proj_weight</c>,
/// shape ((N + 2 M) K, D), or <c>q_proj_weight</c>, <c>k_proj_weight</c> and <c>v_proj_weight</c> if keys or values have another
/// width than queries, <c>in_proj_bias</c>, <c>out_proj.weight</c>, <c>out_proj.bias</c>. With value heads of another size W,
/// <c>in_proj_weight</c> has (N + M) K + M W rows and <c>out_proj.weight</c> has N W columns.
/// </summary>
public sealed class MultiHeadAttention : AttentionLayer, ISequenceMixer
{
    private readonly AttentionHeads heads;
    private readonly Parameter[] inputWeights;
    private readonly Parameter? inputBias;
    private readonly Linear output;
    private readonly Dropout? dropout;
    private readonly ConstantTensor? slopes;

    /// <summary>
    /// Makes a layer that is initialised as in PyTorch unless the options specify otherwise: input weights by Glorot and Bengio,
    /// biases 0.
    /// </summary>
    /// <param name="modelSize">The width of queries and results, D, at least 1.</param>
    /// <param name="headCount">The number of query heads, N, at least 1 and a divisor of D.</param>
    /// <param name="random">The generator that draws the initial values and the masks of dropout.</param>
    /// <param name="options">The further configuration; null for the defaults.</param>
    /// <exception cref="ArgumentException">A size or probability is out of range, or sizes do not divide.</exception>
    public MultiHeadAttention(int modelSize, int headCount, RandomGenerator random, MultiHeadAttentionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(random);
        Options = options ?? new MultiHeadAttentionOptions();
        Argument.AtLeast(Options.KeySize, Kind, nameof(Options.KeySize), 0);
        Argument.AtLeast(Options.ValueSize, Kind, nameof(Options.ValueSize), 0);
        Argument.AtLeast(Options.ValueHeadSize, Kind, nameof(Options.ValueHeadSize), 0);
        Argument.Positive(Options.Softcap ?? 1f, Kind, nameof(Options.Softcap));
        Argument.Probability(Options.Dropout, Kind, nameof(Options.Dropout));
        Argument.AtLeast(modelSize, Kind, nameof(modelSize));
        Argument.AtLeast(headCount, Kind, nameof(headCount));
        if (Options.Alibi)
            slopes = new ConstantTensor(backend => AlibiSlopes.Of(headCount, backend));
        heads = new AttentionHeads(Kind, modelSize, headCount, Options.KeyHeadCount, Options.ValueHeadSize, Options.Rotary,
            slopes);
        (ModelSize, KeySize, ValueSize) = (modelSize, Or(Options.KeySize, modelSize), Or(Options.ValueSize, modelSize));
        int[] parts = [modelSize, heads.KeysSize, heads.ValuesSize];
        inputWeights = KeySize == modelSize && ValueSize == modelSize
            ? [Weight("in_proj_weight", modelSize, parts)]
            : [Weight("q_proj_weight", modelSize, modelSize), Weight("k_proj_weight", KeySize, heads.KeysSize),
                Weight("v_proj_weight", ValueSize, heads.ValuesSize)];
        if (Options.Bias)
        {
            inputBias = Register("in_proj_bias", Tensor.Zeros(WeightLimit.For(Kind, heads.PackedSize)));
            inputBias.Parts = parts;
        }

        output = Register("out_proj",
            NormalInitializer.Linear(heads.ResultSize, modelSize, random, Options.Bias, Options.OutputDeviation));
        if (output.Bias is { } bias)
            Initializer.Constant(bias.Value, 0f);
        dropout = Options.Dropout > 0f ? Register("dropout", new Dropout(Options.Dropout, random)) : null;

        Parameter Weight(string name, int columns, params int[] rows)
        {
            var weight = Tensor.Uninitialized(WeightLimit.For(Kind, rows.Sum(r => (long)r), columns));
            if (Options.Deviation is { } deviation)
                Fill(weight, Options.DrawsSeparately ? rows : [weight.Shape[0]], deviation);
            else
                Initializer.XavierUniform(weight, random);
            var parameter = Register(name, weight);
            parameter.Parts = rows;
            return parameter;
        }

        void Fill(Tensor weight, int[] rows, float deviation)
        {
            var from = 0;
            foreach (var count in rows)
            {
                using var part = weight.Slice(0, from, count);
                NormalInitializer.Fill(part, Options.Bias, deviation, random);
                from += count;
            }
        }

        static int Or(int size, int other) => size == 0 ? other : size;
    }

    /// <summary>The configuration of the layer beyond its size and heads.</summary>
    public MultiHeadAttentionOptions Options { get; }

    /// <summary>The width of queries and results, D.</summary>
    public int ModelSize { get; }

    /// <summary>The number of query heads, N.</summary>
    public int HeadCount => heads.HeadCount;

    /// <summary>The number of key and value heads, M.</summary>
    public int KeyHeadCount => heads.KeyHeadCount;

    /// <summary>The number of elements of a head, K.</summary>
    public int HeadSize => heads.HeadSize;

    /// <summary>The number of elements of a head of the values, W.</summary>
    public int ValueHeadSize => heads.ValueHeadSize;

    /// <summary>The width of the keys, I.</summary>
    public int KeySize { get; }

    /// <summary>The width of the values, J.</summary>
    public int ValueSize { get; }

    private bool IsPacked => inputWeights.Length == 1;

    /// <inheritdoc/>
    /// <remarks>If the query is also the keys and the values, one product projects all three and no head is copied.</remarks>
    public override AttentionResult Forward(Variable query, Variable keys, Variable? values = null,
        AttentionOptions? options = null, bool returnWeights = false)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (!ReferenceEquals(query, keys) || !ReferenceEquals(query, values ?? keys) || !IsPacked)
            return base.Forward(query, keys, values, options, returnWeights);
        var pass = new MixerPass { Options = options ?? AttentionOptions.Full, Weights = returnWeights ? [] : null };
        return new AttentionResult(Mix(Padding.Clear(query, options, Padding.Length(query)), pass), pass.Weights?.First());
    }

    /// <inheritdoc/>
    public override PreparedKeys Prepare(Variable keys, Variable? values = null, AttentionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var finite = Padding.Clear(keys, options);
        var cleared = values is null || ReferenceEquals(keys, values) ? finite : Padding.Clear(values, options);
        return ProjectKeys(finite, cleared, options ?? AttentionOptions.Full, origin: (keys, finite));
    }

    /// <inheritdoc/>
    public override AttentionResult Forward(Variable query, PreparedKeys source, bool returnWeights = false)
    {
        ArgumentNullException.ThrowIfNull(query);
        CheckOwner(source);
        List<Variable>? weights = returnWeights ? [] : null;
        return new AttentionResult(ToKeys(source.Clear(query), source, weights), weights?[0]);
    }

    /// <inheritdoc/>
    Variable ISequenceMixer.Forward(Variable x, MixerPass pass) => Mix(x, pass);

    /// <summary>Makes an empty <see cref="KeyValueCache"/>.</summary>
    MixerState ISequenceMixer.NewState(int batchSize, AttentionOptions options) =>
        new KeyValueCache(batchSize, KeyHeadCount, HeadSize, options.Window, backend: inputWeights[0].Value.Backend,
            valueSize: ValueHeadSize);

    /// <summary>
    /// Projects keys, shape (B, M, S, K), and values, shape (B, M, S, W), for later queries, so that a decoder projects its
    /// source only once.
    /// </summary>
    internal PreparedKeys ProjectKeys(Variable keys, Variable values, AttentionOptions options, bool isInference = false,
        (Variable Given, Variable Cleared)? origin = null)
    {
        Check(keys, nameof(keys), "(B, S, I)", KeySize);
        CheckValues(keys, values, ValueSize);
        int from = ModelSize, size = heads.KeysSize, valuesSize = heads.ValuesSize, bothSize = size + valuesSize;
        if (!ReferenceEquals(keys, values) || !IsPacked)
        {
            return Prepared(Project(keys, 1, from, size, KeyHeadCount),
                Project(values, 2, from + size, valuesSize, KeyHeadCount));
        }

        var both = keys.Linear(inputWeights[0].Slice(0, from, bothSize), inputBias?.Slice(0, from, bothSize))
            .Split([size, valuesSize], -1);
        return Prepared(AttentionHeads.Split(both[0], KeyHeadCount), AttentionHeads.Split(both[1], KeyHeadCount));

        PreparedKeys Prepared(Variable k, Variable v) =>
            new(this, k, v, options) { IsInference = isInference, Origin = origin };
    }

    /// <summary>
    /// Computes the attention to projected keys and values: shapes (B, T, D), (B, M, S, K) and (B, M, S, W) to (B, T, D).
    /// </summary>
    internal Variable ToKeys(Variable query, PreparedKeys source, ICollection<Variable>? weights)
    {
        Check(query, nameof(query), "(B, T, D)", ModelSize);
        int rows = query.Shape[0], batch = source.Keys.Shape[0];
        if (rows != batch && !(source.IsInference && batch > 0 && rows % batch == 0))
        {
            throw ShapeException.Wrong(Kind, nameof(query), $"(B, T, D) = ({batch}, T, {ModelSize})", query.Shape,
                $"the batch of the keys is {batch}");
        }

        // In a stream several rows may attend to one source; for its keys they are further queries.
        var x = rows == batch ? query : query.Reshape(batch, -1, ModelSize);
        var y = output.Forward(AttentionHeads.Attend(Project(x, 0, 0, ModelSize, HeadCount), source.Keys, source.Values,
            Completed(source.Options, source.IsInference), weights));
        return rows == batch ? y : y.Reshape(query.Shape);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            slopes?.Dispose();
    }

    /// <summary>Computes the attention of a sequence to itself, shape (B, T, D), and to the contents of a cache.</summary>
    private Variable Mix(Variable x, MixerPass pass)
    {
        Check(x, nameof(x), "(B, T, D)", ModelSize);
        if (!IsPacked)
            throw new InvalidOperationException($"{Kind}: in self-attention the keys and values are the sequence itself, so"
                + $" the widths should be equal: D = {ModelSize}, I = {KeySize}, J = {ValueSize}.");
        var packed = x.Linear(inputWeights[0], inputBias);
        return output.Forward(heads.SelfAttention(packed, pass, Completed(pass.Options, pass.IsInference)));
    }

    /// <summary>
    /// The options, with this layer's cap and modification of scores unless they have their own, and with the dropout of its
    /// weights.
    /// </summary>
    private AttentionOptions Completed(AttentionOptions options, bool isInference)
    {
        if (Options.Softcap is { } cap && options.Softcap is null)
            options = options with { Softcap = cap };
        if (Options.ScoreModification is { } modification && options.ScoreModification is null)
            options = options with { ScoreModification = modification };
        return !isInference && dropout is { Current: > 0f }
            ? options with { Dropout = dropout.Probability, Random = dropout.Random }
            : options;
    }

    private Variable Project(Variable x, int which, int from, int size, int count)
    {
        var weight = IsPacked ? inputWeights[0].Slice(0, from, size) : inputWeights[which];
        return AttentionHeads.Split(x.Linear(weight, inputBias?.Slice(0, from, size)), count);
    }

    private void Check(Variable x, string name, string letters, int size)
    {
        if (x.Shape.Rank != 3 || x.Shape[2] != size)
            throw ShapeException.Wrong(Kind, name, $"{letters} with {letters[^2]} = {size}", x.Shape);
    }
}
