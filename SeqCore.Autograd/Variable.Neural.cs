using SeqCore.Functions;
using SeqCore.Kernels;

namespace SeqCore;

public partial class Variable
{
    /// <summary>e^x / sum e^x along an axis, the last if none is named.</summary>
    /// <exception cref="ShapeException">A scalar has no axis.</exception>
    public Variable Softmax(int axis = -1) => AlongLast(axis, x => new SoftmaxFunction(x).Apply());

    /// <summary>x - log sum e^x along an axis, the last if none is named.</summary>
    /// <exception cref="ShapeException">A scalar has no axis.</exception>
    public Variable LogSoftmax(int axis = -1) => AlongLast(axis, x => new LogSoftmaxFunction(x).Apply());

    /// <summary>y = x W^T + b: what a linear layer computes, in one product. This is x, shape (..., I).</summary>
    /// <param name="weight">W, shape (O, I).</param>
    /// <param name="bias">b, shape (O,); null adds nothing.</param>
    /// <returns>Shape (..., O).</returns>
    /// <exception cref="ShapeException">A shape is not as above.</exception>
    public Variable Linear(Variable weight, Variable? bias = null) => new LinearFunction(this, weight, bias).Apply();

    /// <summary>
    /// (x - mean) / sqrt(variance + epsilon) w + b along the last axis (Ba, Kiros and Hinton, arXiv:1607.06450). This is x, shape
    /// (..., D).
    /// </summary>
    /// <remarks>
    /// The squares are summed in single precision, as in PyTorch: where elements are above about 1e19 in size, their sum is
    /// infinite and the result 0.
    /// </remarks>
    /// <param name="weight">w, shape (D,); null for 1.</param>
    /// <param name="bias">b, shape (D,); null for 0.</param>
    /// <param name="epsilon">Added to the variance, finite and at least 0.</param>
    /// <exception cref="ShapeException">A shape is not as above.</exception>
    public Variable LayerNorm(Variable? weight = null, Variable? bias = null, float epsilon = 1e-5f) =>
        new LayerNormFunction(this, null, weight, bias, epsilon).Apply();

    /// <summary>The rows that the indices name. This is the table, shape (V, D).</summary>
    /// <param name="indices">Shape (...), each in [0, V).</param>
    /// <param name="paddingIndex">A row that gets no gradient, or null.</param>
    /// <returns>Shape (..., D).</returns>
    /// <exception cref="ArgumentException">An index is out of range.</exception>
    public Variable Embedding(IndexTensor indices, int? paddingIndex = null) =>
        new EmbeddingFunction(this, indices, paddingIndex).Apply();

    /// <summary>
    /// This table with row i of the source added to row indices[i]. Shapes (V, ...), (indices...) and (indices..., ...).
    /// </summary>
    /// <exception cref="ShapeException">The source is not one row for each index.</exception>
    /// <exception cref="ArgumentException">An index is not a row of the table.</exception>
    public Variable ScatterAdd(IndexTensor indices, Variable source) => new ScatterAddFunction(this, indices, source).Apply();

    /// <summary>
    /// The k greatest elements along the last axis, in falling order, and where they are; the lower index first among equals.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">k is not between 1 and the size of the axis.</exception>
    public (Variable Values, IndexTensor Indices) TopK(int k)
    {
        var function = new TopKFunction(this, k);
        return (function.Apply(), function.Indices!);
    }

    /// <summary>
    /// Each element is 0 with the given probability, else x / (1 - p); nothing is recorded or drawn where p is 0.
    /// </summary>
    /// <param name="probability">p, in [0, 1).</param>
    /// <param name="random">Where the numbers come from.</param>
    public Variable Dropout(float probability, RandomGenerator random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (probability is not (>= 0f and < 1f))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability,
                "Dropout: the probability should lie in [0, 1).");
        }

        return probability == 0f ? this : new DropoutFunction(this, probability, random).Apply();
    }

    /// <summary>
    /// Softmax cross-entropy, as PyTorch's cross_entropy: for each token u ((1 - s) w_target (lse - x_target)
    /// + s mean_k w_k (lse - x_k)), where lse = log sum e^x. This is the logits, shape (..., V).
    /// </summary>
    /// <param name="targets">Shape (...): a class in [0, V) or the ignored index.</param>
    /// <param name="reduction">Mean: the sum divided by that of u w_target, both over the tokens not ignored.</param>
    /// <param name="ignoreIndex">Tokens with this target count neither in the loss nor in the mean.</param>
    /// <param name="labelSmoothing">s, in [0, 1): the share of the target's probability that is spread over all classes.</param>
    /// <param name="tokenWeights">
    /// u, shape (...): weight of each token; null for 1. Negative ones turn a loss round, as in policy gradients.
    /// </param>
    /// <param name="classWeights">w, shape (V,): weight of each class, PyTorch's <c>weight</c>; null for 1.</param>
    /// <returns>A scalar; shape (...) without a reduction.</returns>
    /// <exception cref="ShapeException">A shape is not as above.</exception>
    /// <exception cref="ArgumentException">A target is out of range, the mean is over no token, or the
    /// weights that it divides by do not add up to a finite number above 0.</exception>
    public Variable CrossEntropy(IndexTensor targets, LossReduction reduction = LossReduction.Mean, int ignoreIndex = -100,
        float labelSmoothing = 0f, Tensor? tokenWeights = null, Tensor? classWeights = null) =>
        new CrossEntropyFunction(this, targets, reduction, new CrossEntropyOptions(ignoreIndex, labelSmoothing), tokenWeights,
            classWeights).Apply();

    /// <summary>What works along the last axis, along any.</summary>
    private Variable AlongLast(int axis, Func<Variable, Variable> function) =>
        Shape.Rank == 0 || Shape.Axis(axis) == Shape.Rank - 1
            ? function(this)
            : function(Transpose(axis, -1)).Transpose(axis, -1);
}
