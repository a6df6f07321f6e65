namespace SeqCore.Models;

/// <summary>
/// Returns the mean of the steps of each sequence, weighted by attention: u_t = tanh(W x_t + b), a = softmax(v . u_t) over the
/// steps, and the result is the sum of a_t x_t (Yang, Yang, Dyer, He, Smola and Hovy, "Hierarchical attention networks for
/// document classification", NAACL 2016, equations 5 to 7). Shapes: x (B, T, F), result (B, F).
/// </summary>
/// <example>
/// <code>
/// using var pooling = new AttentionPooling(inputSize: 8, new RandomGenerator(seed: 1));
/// using var scope = new TensorScope();
/// var (pooled, weights) = pooling.ForwardWithWeights(Tensor.Ones([2, 5, 8]));
/// Console.WriteLine(pooled.Shape);                           // (2, 8)
/// Console.WriteLine($"{weights[0, 4].Value.Item():0.00}");   // 0.20
/// </code>
/// </example>
public sealed class AttentionPooling : TimePooling
{
    private readonly Linear projection;
    private readonly Linear score;

    /// <summary>Makes a layer with PyTorch's initialisation of linear layers.</summary>
    /// <param name="inputSize">The number of features of a step, F, at least 1.</param>
    /// <param name="random">The generator that draws the initial values.</param>
    /// <param name="attentionSize">The number of elements of u, at least 1; 0, the default, for F.</param>
    public AttentionPooling(int inputSize, RandomGenerator random, int attentionSize = 0)
    {
        Argument.AtLeast(inputSize, Kind, nameof(inputSize));
        Argument.AtLeast(attentionSize, Kind, nameof(attentionSize), 0);
        ArgumentNullException.ThrowIfNull(random);
        var size = attentionSize == 0 ? inputSize : attentionSize;
        projection = Register("projection", new Linear(inputSize, size, random));
        score = Register("score", new Linear(size, 1, random, bias: false));
    }

    /// <summary>Reduces sequences, and returns the weights of their steps too.</summary>
    /// <param name="x">The sequences, shape (B, T, F), T at least 1; values in padding, even NaN, have no effect.</param>
    /// <param name="lengths">
    /// The number of steps of each sequence, shape (B,), in [1, T] (checked on the CPU only); null for T in all.
    /// </param>
    /// <returns>
    /// One vector for each sequence, shape (B, F), and the weights, shape (B, T), which add up to 1 and are 0 in padding.
    /// </returns>
    /// <exception cref="ShapeException">A tensor does not have the required shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A length is not in [1, T].</exception>
    public (Variable Pooled, Variable Weights) ForwardWithWeights(Variable x, IndexTensor? lengths = null)
    {
        Check(x, lengths);
        return Attend(x, lengths);
    }

    /// <inheritdoc/>
    protected override Variable Pool(Variable x, IndexTensor? lengths)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Attend(x, lengths).Pooled;
    }

    private (Variable Pooled, Variable Weights) Attend(Variable x, IndexTensor? lengths)
    {
        BoolTensor? isPadding = null;
        if (lengths is not null)
            (isPadding, x) = WithoutPadding(x, lengths);
        var scores = score.Forward(projection.Forward(x).Tanh());
        if (isPadding is not null)
            scores = scores.MaskedFill(isPadding, float.NegativeInfinity);
        var weights = scores.Squeeze(2).Softmax().Unsqueeze(1);
        return (Variable.MatMul(weights, x).Squeeze(1), weights.Squeeze(1));
    }
}
