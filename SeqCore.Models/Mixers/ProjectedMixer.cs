namespace SeqCore.Models;

/// <summary>
/// A mixer that projects a sequence to queries, keys and values in heads, mixes these in its own way, and projects the result.
/// Parameters are <c>in_proj.weight</c>, shape (3 D, D), or (2 D, D) where queries are the keys too, <c>in_proj.bias</c>,
/// <c>out_proj.weight</c> and <c>out_proj.bias</c>.
/// </summary>
public abstract class ProjectedMixer : Module, ISequenceMixer
{
    private readonly Linear input;
    private readonly Linear output;
    private readonly int[] parts;

    private protected ProjectedMixer(int modelSize, int headCount, RandomGenerator random, ProjectedMixerOptions? options,
        bool sharesKeys = false)
    {
        ArgumentNullException.ThrowIfNull(random);
        Options = options ?? new ProjectedMixerOptions();
        Argument.AtLeast(modelSize, Kind, nameof(modelSize));
        Argument.AtLeast(headCount, Kind, nameof(headCount));
        if (modelSize % headCount != 0)
        {
            throw new ArgumentException($"{Kind}: the model's width should be a multiple of the number of heads; got {modelSize}"
                + $" and {headCount}.", nameof(headCount));
        }

        (ModelSize, HeadCount) = (modelSize, headCount);
        parts = sharesKeys ? [modelSize, modelSize] : [modelSize, modelSize, modelSize];
        var packed = SizeLimitException.Check($"{Kind}: queries, keys and values side by side, D = {modelSize}",
            (long)parts.Length * modelSize);
        input = Register("in_proj", NormalInitializer.Linear(modelSize, packed, random, Options.Bias, Options.Deviation));
        foreach (var parameter in input.Parameters())
            parameter.Parts = parts;
        output = Register("out_proj",
            NormalInitializer.Linear(modelSize, modelSize, random, Options.Bias, Options.OutputDeviation));
    }

    /// <summary>The configuration of the projections.</summary>
    public ProjectedMixerOptions Options { get; }

    /// <summary>The width of the sequences, D.</summary>
    public int ModelSize { get; }

    /// <summary>The number of heads, N.</summary>
    public int HeadCount { get; }

    /// <summary>The number of elements of a head, K.</summary>
    public int HeadSize => ModelSize / HeadCount;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The options ask for something that this mixer cannot do.</exception>
    /// <exception cref="NotSupportedException">Weights are requested: this mixer has none of pairs of steps.</exception>
    public Variable Forward(Variable x, MixerPass pass)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(pass);
        if (x.Shape.Rank != 3 || x.Shape[2] != ModelSize)
            throw ShapeException.Wrong(Kind, nameof(x), $"(B, T, D) with D = {ModelSize}", x.Shape);
        if (pass.Weights is not null)
            throw new NotSupportedException($"{Kind}: it has no weights of pairs of steps that could be returned.");
        Check(pass.Options);
        Variable[] heads = [.. input.Forward(x).Split(parts, -1).Select(part => AttentionHeads.Split(part, HeadCount))];
        var y = Mix(heads[0], heads[^2], heads[^1], pass);
        return output.Forward(AttentionHeads.Join(y));
    }

    /// <inheritdoc/>
    public virtual MixerState NewState(int batchSize, AttentionOptions options) => throw new NotSupportedException(
        $"{Kind}: it reads only whole sequences, so a model with it cannot write token by token.");

    /// <summary>Mixes heads, shape (B, N, T, K) each, to shape (B, N, T, K).</summary>
    private protected abstract Variable Mix(Variable query, Variable key, Variable value, MixerPass pass);

    /// <summary>Why a causal pass is refused; null if it is not.</summary>
    private protected virtual string? WhyNotCausal => null;

    /// <summary>Sets the keys or values beyond the lengths of their sequences to 0.</summary>
    private protected static Variable Within(IndexTensor? lengths, Variable x) => lengths is null ? x
        : x.MaskedFill(!BoolTensor.LengthMask(lengths, x.Shape[2]).Reshape(x.Shape[0], 1, x.Shape[2], 1), 0f);

    private void Check(AttentionOptions options)
    {
        if (options.IsCausal && WhyNotCausal is { } reason)
            throw new ArgumentException($"{Kind}: it cannot be causal: {reason} Use it in an encoder.", nameof(options));
        var refused = options switch
        {
            { Window: > 0 } => nameof(options.Window),
            { Pattern: not null } => nameof(options.Pattern),
            { Bias: not null } => nameof(options.Bias),
            { Allowed: not null } => nameof(options.Allowed),
            { Slopes: not null } => nameof(options.Slopes),
            { Softcap: not null } => nameof(options.Softcap),
            { ScoreModification: not null } => nameof(options.ScoreModification),
            { Dropout: > 0f } => nameof(options.Dropout),
            _ => null,
        };
        if (refused is not null)
        {
            var causal = WhyNotCausal is null ? $"{nameof(options.IsCausal)} and " : "";
            throw new ArgumentException($"{Kind}: it has no weights of pairs of steps, which {refused} would change; it supports"
                + $" {causal}{nameof(options.KeyLengths)}. Leave it out, or use {nameof(MultiHeadAttention)}.", nameof(options));
        }
    }
}
