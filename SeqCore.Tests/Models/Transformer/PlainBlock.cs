using SeqCore.Models;

namespace SeqCore.Tests.Models.Transformer;

/// <summary>
/// A <see cref="TransformerBlock"/> as the papers write it: from the weights of its state dictionary, with products, softmaxes
/// and whole matrices of scores, one head after the other.
/// </summary>
internal sealed class PlainBlock(TransformerBlock block)
{
    private readonly OrderedDictionary<string, Tensor> state = block.StateDictionary();
    private readonly TransformerBlockOptions options = block.Options;

    internal Tensor Forward(Tensor x, Tensor? source)
    {
        x = Part(x, 1, h => Attention("self_attn", h, h, isSelf: true));
        if (source is not null)
            x = Part(x, 2, h => Attention("multihead_attn", h, source, isSelf: false));
        return Part(x, source is null ? 2 : 3, h => Linear("linear2", Activate(Linear("linear1", h))));
    }

    private Tensor Part(Tensor x, int norm, Func<Tensor, Tensor> f) =>
        options.NormFirst ? x + f(Norm(norm, x)) : Norm(norm, x + f(x));

    private Tensor Norm(int index, Tensor x)
    {
        var mean = options.Norm == NormKind.LayerNorm ? x.Mean([-1], keepDimensions: true) : Tensor.Zeros([1]);
        var y = (x - mean) / (((x - mean) * (x - mean)).Mean([-1], keepDimensions: true) + options.Epsilon).Sqrt();
        y *= state[$"norm{index}.weight"];
        return state.TryGetValue($"norm{index}.bias", out var bias) ? y + bias : y;
    }

    private Tensor Activate(Tensor x)
    {
        if (options.Activation != FeedForwardActivation.SwiGlu)
            return FeedForward.Activate(x, options.Activation).Value;
        var half = x.Shape[-1] / 2;
        var gate = x.Slice(-1, 0, half);
        return gate / ((gate * -1f).Exp() + 1f) * x.Slice(-1, half, half);
    }

    private Tensor Attention(string name, Tensor queries, Tensor keys, bool isSelf)
    {
        int d = options.ModelSize, n = options.HeadCount, m = options.KeyHeadCount == 0 ? n : options.KeyHeadCount, k = d / n,
            j = options.ValueHeadSize == 0 ? k : options.ValueHeadSize;
        Tensor q = Project(queries, 0, d), key = Project(keys, d, m * k), value = Project(keys, d + (m * k), m * j);
        if (isSelf && options.Rotary is { } rotary)
            (q, key) = (rotary.Forward(q, n).Value, rotary.Forward(key, m).Value);
        var heads = Enumerable.Range(0, n).Select(h =>
        {
            Tensor kh = key.Slice(-1, h / (n / m) * k, k), vh = value.Slice(-1, h / (n / m) * j, j);
            var scores = Tensor.MatMul(q.Slice(-1, h * k, k), kh.Transpose()) * (1f / MathF.Sqrt(k));
            if (options.Softcap is { } cap)
                scores = (scores / cap).Tanh() * cap;
            if (isSelf)
                scores += Seen(queries.Shape[1], h);
            return Tensor.MatMul(scores.Softmax(), vh);
        });
        return Linear(name + ".out_proj", Tensor.Concat([.. heads], -1));

        Tensor Project(Tensor x, int from, int rows) => Tensor.Linear(x, state[name + ".in_proj_weight"].Slice(0, from, rows),
            state.TryGetValue(name + ".in_proj_bias", out var bias) ? bias.Slice(0, from, rows) : null);
    }

    /// <summary>Minus infinity where a position may not look, else what ALiBi takes off.</summary>
    private Tensor Seen(int steps, int head)
    {
        var slope = options.Alibi ? AlibiSlopes.Of(options.HeadCount).ToArray()[head] : 0f;
        var values = new float[steps * steps];
        for (var i = 0; i < values.Length; i++)
        {
            var (query, key) = (i / steps, i % steps);
            var isHidden = (options.IsCausal && key > query)
                || (options.Window > 0 && Math.Abs(query - key) >= options.Window);
            values[i] = isHidden ? float.NegativeInfinity : -slope * Math.Abs(query - key);
        }

        return Tensor.FromSpan(values, [steps, steps]);
    }

    private Tensor Linear(string name, Tensor x) =>
        Tensor.Linear(x, state[name + ".weight"], state.GetValueOrDefault(name + ".bias"));
}
